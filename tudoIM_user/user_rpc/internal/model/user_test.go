package model

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"tudoIM/common/errs"
	"tudoIM/core/db"
	"tudoIM/core/db/dbtest"
	"tudoIM/utils/text"
)

func TestParseName(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, raw  string
		shown, key string // empty: refused
	}{
		{"plain", "ann", "ann", "ann"},
		{"case is shown, but does not count", "Ann_B.c-D", "Ann_B.c-D", "ann_b.c-d"},
		{"at the least", "ab", "ab", "ab"},
		{"one below", "a", "", ""},
		{"empty", "", "", ""},
		{"at the limit", strings.Repeat("n", 32), strings.Repeat("n", 32), strings.Repeat("n", 32)},
		{"one past", strings.Repeat("n", 33), "", ""},
		{"characters count, not bytes", strings.Repeat("图", 32), strings.Repeat("图", 32), strings.Repeat("图", 32)},
		{"one character past", strings.Repeat("图", 33), "", ""},
		{"counted as shown", strings.Repeat("e\u0301", 32), strings.Repeat("é", 32), strings.Repeat("é", 32)},
		{"short only as typed", "ﬃ", "ffi", "ffi"},
		{"long only when normalised", strings.Repeat("ﬃ", 11), "", ""},
		{"folding may lengthen the key", strings.Repeat("ß", 32), strings.Repeat("ß", 32), strings.Repeat("ss", 32)},
		{"a megabyte", strings.Repeat("n", 1<<20), "", ""},
		{"many marks on a letter", "aa" + strings.Repeat("\u0301", 200), "", ""},
		{"Chinese", "张三", "张三", "张三"},
		{"width", "Ａｄｍｉｎ", "Admin", "admin"},
		{"Kelvin sign", "\u212Aim", "Kim", "kim"},
		{"mathematical letters", "𝐚𝐝𝐦𝐢𝐧", "admin", "admin"},
		{"circled letters", "ⓐⓝⓝ", "ann", "ann"},
		{"sharp s", "STRASSE", "STRASSE", "strasse"},
		{"the same with sharp s", "Straße", "Straße", "strasse"},
		{"final sigma", "ΣΟΦΌΣ", "ΣΟΦΌΣ", "σoφόσ"},
		{"digits alone are an id", "12345", "", ""},
		{"wide digits too", "１２３", "", ""},
		{"Arabic digits too", "١٢٣", "", ""},
		{"digits and a letter", "1a", "1a", "1a"},
		{"digits and a dot", "1.2", "1.2", "1.2"},
		{"blank inside", "a b", "", ""},
		{"blank behind", "ann ", "", ""},
		{"ideographic space", "ann\u3000", "", ""},
		{"zero width space", "an\u200bn", "", ""},
		{"zero width joiner", "an\u200dn", "", ""},
		{"NUL", "ann\x00", "", ""},
		{"not UTF-8", "ann\xff", "", ""},
		{"direction override", "\u202eann", "", ""},
		{"Hangul filler", "\u3164\u3164", "", ""},
		{"emoji", "ann🎉", "", ""},
		{"at sign", "ann@home", "", ""},
		{"SQL", "' OR 1=1 --", "", ""},
		{"Cyrillic a among Latin", "аdmin", "", ""},
		{"Greek o among Latin", "bοb", "", ""},
		{"Lisu among Latin", "ꓐob", "", ""},
		{"Cyrillic alone", "Юрий", "Юрий", "юpий"},
		{"Chinese and Latin", "张san", "张san", "张san"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := ParseName(c.raw)
			if c.shown == "" {
				wantCode(t, c.raw, err, errs.BadName)
				return
			}
			if err != nil || got.Shown != c.shown || got.Key != c.key {
				t.Errorf("%q, error %v", got, err)
			}
		})
	}
}

func TestNamesThatLookTheSame(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		a, b string
		same bool
	}{
		{"case", "Ann", "aNN", true},
		{"width", "ann", "ａｎｎ", true},
		{"ligature", "offi", "oﬃ", true},
		{"composed or not", "José", "Jose\u0301", true},
		{"an accent counts", "jose", "josé", false},
		{"all Cyrillic, small", "cocoa", "сосоа", true},
		{"all Cyrillic, capital", "TOM", "ТОМ", true},
		{"all Greek, capital", "ZETA", "ΖΕΤΑ", true},
		{"final sigma or not", "ΣΑΣ", "σας", true},
		{"Armenian", "uno", "սոօ", true},
		{"Cherokee", "PAT", "ᏢᎪᎢ", true},
		{"Coptic", "copt", "ⲥⲟⲣⲧ", true},
		{"Lisu", "BOB", "ꓐꓳꓐ", true},
		{"dotless i", "kim", "kım", true},
		{"a Cyrillic word that no Latin one looks like", "pomah", "роман", true},
		{"one letter that only Cyrillic has", "fox", "фox", false},
		{"dots count", "a.b", "ab", false},
		{"digits are no letters", "b0b", "bob", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := text.Skeleton(c.a) == text.Skeleton(c.b); got != c.same {
				t.Errorf("%q %q: same %v", text.Skeleton(c.a), text.Skeleton(c.b), got)
			}
		})
	}
}

func TestEveryKeyFitsItsColumn(t *testing.T) {
	t.Parallel()
	for _, r := range []string{"ß", "ΐ", "İa", "ﬗ", "𐐀", "龘", "Ǆ", "և", "ẞ"} {
		name, err := ParseName(strings.Repeat(r, 32/len([]rune(r))))
		if err == nil && len(name.Key) > 512 {
			t.Errorf("%q: %d bytes", r, len(name.Key))
		}
	}
}

func TestNewUser(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name                       string
		user, nickname, pwd, where string
		shown                      string
		want                       *errs.Error
	}{
		{"plain", "ann", "Ann", "h", "web", "Ann", nil},
		{"no nickname", "Ann", "", "h", "web", "Ann", nil},
		{"nickname at the limit", "ann", strings.Repeat("图", 32), "h", "", strings.Repeat("图", 32), nil},
		{"nickname one past", "ann", strings.Repeat("图", 33), "h", "", "", errs.Bad},
		{"nickname of blanks", "ann", "   ", "h", "", "", errs.Bad},
		{"nickname nobody sees", "ann", "\u200b\u3164", "h", "", "", errs.Bad},
		{"nickname of two lines", "ann", "a\nb", "h", "", "", errs.Bad},
		{"nickname with NUL", "ann", "a\x00", "h", "", "", errs.Bad},
		{"nickname that turns the text", "ann", "a\u202eb", "h", "", "", errs.Bad},
		{"nickname is text", "ann", "<script>'; DROP", "h", "", "<script>'; DROP", nil},
		{"nickname of emoji", "ann", "👨‍👩‍👧", "h", "", "👨‍👩‍👧", nil},
		{"no password at all", "ann", "Ann", "", "", "Ann", nil},
		{"source one past", "ann", "Ann", "h", strings.Repeat("w", 33), "", errs.Bad},
		{"bad name", "a", "Ann", "h", "", "", errs.BadName},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			u, err := NewUser(c.user, c.nickname, c.pwd, c.where)
			wantCode(t, "error", err, c.want)
			if err == nil && (u.Nickname != c.shown || u.Role != RoleNormal || u.Status != StatusNormal) {
				t.Errorf("%+v", u)
			}
		})
	}
}

func TestCreateAndFind(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		u, err := NewUser("Ann", "安 🎉", "hash", "web")
		if err != nil {
			t.Fatal(err)
		}
		closed := *u
		closed.Pwd = ""
		wantCode(t, "an account nothing opens", w.users.Create(t.Context(), &closed), errs.Bad)
		if err := w.users.Create(t.Context(), u); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"Ann", "ann", "ＡＮＮ", "ⓐnn"} {
			twin, err := NewUser(name, "twin", "hash", "web")
			if err != nil {
				t.Fatal(err)
			}
			wantCode(t, "create "+name, w.users.Create(t.Context(), twin), errs.NameTaken)
		}
		c, err := w.users.Conf(t.Context(), u.ID)
		if err != nil || c.SearchUser != SearchByName || c.Verification != VerifyMessage || !c.ShowOnline {
			t.Errorf("settings %+v, error %v", c, err)
		}
		id := strconv.FormatUint(u.ID, 10)
		for typed, isFound := range map[string]bool{
			"Ann": true, "aNN": true, "Ａnn": true, id: true, "0" + id: true,
			"": false, "anna": false, " ann": false, "0": false, id + "0": false, "-" + id: false, "18446744073709551617": false,
			"9223372036854775808": false, "' OR 1=1 -- ": false, "%": false, "a__": false, "ann\x00": false, strings.Repeat("9", 500): false,
		} {
			got, err := w.users.ByLogin(t.Context(), typed)
			if isFound {
				if err != nil || got.ID != u.ID || got.Nickname != "安 🎉" {
					t.Errorf("login %q: %+v, error %v", typed, got, err)
				}
				continue
			}
			wantCode(t, "login "+typed, err, errs.NotFound)
		}
		if err := w.d.Model(u).Update("deleted_at", 1).Error; err != nil {
			t.Fatal(err)
		}
		_, err = w.users.ByLogin(t.Context(), "ann")
		wantCode(t, "deleted", err, errs.NotFound)
		found, err := w.users.ByIDs(t.Context(), u.ID, 0, 1<<63)
		if err != nil || len(found) != 0 {
			t.Errorf("deleted: %v, error %v", found, err)
		}
	})
}

func TestOneNameIsCreatedOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		spellings := []string{"Race", "race", "RACE", "ｒａｃｅ", "raCe"}
		var winner atomic.Uint64
		got := atOnce(20, func(i int) error {
			u, err := NewUser(spellings[i%len(spellings)], "", "hash", "web")
			if err != nil {
				return err
			}
			if err := w.users.Create(t.Context(), u); err != nil {
				return err
			}
			winner.Store(u.ID)
			return nil
		})
		if got[nil] != 1 || got[errs.NameTaken] != 19 {
			t.Errorf("answers %v", got)
		}
		if n := w.count(t, &UserModel{}, "1 = 1"); n != 1 {
			t.Errorf("%d users", n)
		}
		if n := w.count(t, &UserConfModel{}, "1 = 1"); n != 1 {
			t.Errorf("%d settings", n)
		}
		if u, err := w.users.ByLogin(t.Context(), "race"); err != nil || u.ID != winner.Load() {
			t.Errorf("%+v, error %v", u, err)
		}
	})
}

func TestUpdate(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		me := w.user(t, "old", nil)
		is := func(what, nickname, abstract string, ver uint64) {
			t.Helper()
			u, err := w.users.ByID(t.Context(), me)
			if err != nil || u.Nickname != nickname || u.Abstract != abstract || u.Ver != ver || u.Role != RoleNormal {
				t.Errorf("%s: %+v, error %v", what, u, err)
			}
		}
		for _, c := range []struct {
			what     string
			changes  Changes
			nickname string
			abstract string
		}{
			{"one key", Changes{Nickname: new("new")}, "new", ""},
			{"the other", Changes{Abstract: new("two\nlines 🎉")}, "new", "two\nlines 🎉"},
			{"cleared", Changes{Abstract: new("")}, "new", ""},
			{"the same again", Changes{Nickname: new("new")}, "new", ""},
		} {
			before, err := w.users.ByID(t.Context(), me)
			if err != nil {
				t.Fatal(err)
			}
			if err := w.users.Update(t.Context(), me, c.changes, w.now); err != nil {
				t.Errorf("%s: %v", c.what, err)
			}
			is(c.what, c.nickname, c.abstract, before.Ver+1)
		}
		for _, id := range []uint64{0, me + 1, 1 << 63} {
			wantCode(t, "nobody", w.users.Update(t.Context(), id, Changes{Nickname: new("x")}, w.now), errs.NotFound)
		}
	})
}

func TestChangesHaveLimits(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		ch   Changes
		want *errs.Error
	}{
		{"nothing", Changes{}, nil},
		{"nickname at the limit", Changes{Nickname: new(strings.Repeat("n", 32))}, nil},
		{"nickname one past", Changes{Nickname: new(strings.Repeat("n", 33))}, errs.Bad},
		{"nickname empty", Changes{Nickname: new("")}, errs.Bad},
		{"abstract empty", Changes{Abstract: new("")}, nil},
		{"abstract at the limit", Changes{Abstract: new(strings.Repeat("图", 200))}, nil},
		{"abstract one past", Changes{Abstract: new(strings.Repeat("图", 201))}, errs.Bad},
		{"abstract with NUL", Changes{Abstract: new("\x00")}, errs.Bad},
		{"abstract not UTF-8", Changes{Abstract: new("\xff")}, errs.Bad},
	} {
		wantCode(t, c.name, c.ch.Check(), c.want)
	}
}

func TestSearch(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		by := func(how int32) func(*UserConfModel) { return func(c *UserConfModel) { c.SearchUser = how } }
		me := w.user(t, "target me", nil)
		byName := w.user(t, "Target name", by(SearchByName))
		byID := w.user(t, "target id", by(SearchByID))
		hidden := w.user(t, "target hidden", by(SearchHidden))
		percent := w.user(t, "very% sure", nil)
		under := w.user(t, "snake_case", nil)
		bang := w.user(t, "wow!", nil)
		slash := w.user(t, `c:\dir`, nil)
		quote := w.user(t, "o'neil 🎉", nil)
		digits := w.user(t, "agent "+strconv.FormatUint(byID, 10)+"7", nil)
		gone, disabled := w.user(t, "target gone", nil), w.user(t, "target disabled", nil)
		blocker, blocked := w.user(t, "target blocker", nil), w.user(t, "target blocked", nil)
		for id, set := range map[uint64]map[string]any{gone: {"deleted_at": 1}, disabled: {"status": StatusDisabled}} {
			if err := w.d.Model(&UserModel{}).Where("id = ?", id).Updates(set).Error; err != nil {
				t.Fatal(err)
			}
		}
		one, two := &FriendModel{LowUserID: me, HighUserID: blocker, RightsSynced: true}, &FriendModel{LowUserID: me, HighUserID: blocked, RightsSynced: true}
		one.High.Blocks, two.Low.Blocks = true, true
		w.save(t, one)
		w.save(t, two)

		of := func(id uint64) string { return strconv.FormatUint(id, 10) }
		for _, c := range []struct {
			name, key string
			want      []uint64
		}{
			{"by nickname: who may be found so, not oneself", "target", []uint64{byName}},
			{"blanks around do not count", "  target ", []uint64{byName}},
			{"by user name, in any width", "ＵＳＥＲ-Ｃ.", []uint64{byName}},
			{"id of one found by name", of(byName), []uint64{byName}},
			{"id of one found by id, and a nickname with it", of(byID), []uint64{byID, digits}},
			{"id of a hidden one", of(hidden), nil},
			{"nickname of a hidden one", "target hidden", nil},
			{"nickname of one found by id", "target id", nil},
			{"own id", of(me), nil},
			{"id of a deleted one", of(gone), nil},
			{"id of a disabled one", of(disabled), nil},
			{"id of who blocks me", of(blocker), nil},
			{"id of whom I block", of(blocked), nil},
			{"percent", "%", []uint64{percent}},
			{"percent inside", "y% s", []uint64{percent}},
			{"underscore", "_", []uint64{under}},
			{"underscore is no wildcard", "snake_cas_", nil},
			{"exclamation mark", "!", []uint64{bang}},
			{"backslash", `\`, []uint64{slash}},
			{"backslash and percent", `\%`, nil},
			{"quote", "o'n", []uint64{quote}},
			{"emoji", "🎉", []uint64{quote}},
			{"nothing like it", "zzz", nil},
			{"SQL", "' OR 1=1 -- ", nil},
			{"a pattern of regular expressions", "((a+)+)+$", nil},
			{"id beyond numbers", strings.Repeat("9", 64), nil},
		} {
			list, count, err := w.users.Search(t.Context(), me, c.key, nil, 1, 100)
			var got []uint64
			for _, u := range list {
				got = append(got, u.ID)
			}
			if err != nil || !slices.Equal(got, c.want) || count != int64(len(c.want)) {
				t.Errorf("%s: %v of %d, error %v, want %v", c.name, got, count, err, c.want)
			}
		}
		for name, key := range map[string]string{
			"empty": "", "blanks": "   ", "two lines": "a\nb", "one past the limit": strings.Repeat("k", 65),
			"10 KB": strings.Repeat("k", 10<<10), "not UTF-8": "\xff",
		} {
			_, _, err := w.users.Search(t.Context(), me, key, nil, 1, 20)
			wantCode(t, "key "+name, err, errs.Bad)
		}
		_, _, err := w.users.Search(t.Context(), me, strings.Repeat("k", 64), nil, 1, 20)
		wantCode(t, "key at the limit", err, nil)
	})
}

func TestSearchIsPaged(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		me := w.user(t, "me", nil)
		var all, got []uint64
		for range 7 {
			all = append(all, w.user(t, "same", nil))
		}
		for page := int32(1); page <= 4; page++ {
			list, count, err := w.users.Search(t.Context(), me, "same", nil, page, 3)
			if err != nil || count != 7 || page == 4 && len(list) > 0 {
				t.Errorf("page %d: %d of %d, error %v", page, len(list), count, err)
			}
			for _, u := range list {
				got = append(got, u.ID)
			}
		}
		if !slices.Equal(got, all) {
			t.Errorf("%v, want %v", got, all)
		}
	})
}

func TestShows(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		open := w.user(t, "open", nil)
		shy := w.user(t, "shy", func(c *UserConfModel) { c.ShowOnline = false })
		gone := w.user(t, "gone", nil)
		if err := w.d.Model(&UserModel{}).Where("id = ?", gone).Update("deleted_at", 1).Error; err != nil {
			t.Fatal(err)
		}
		got, err := w.users.Shows(t.Context(), open, shy, gone, 0, 1<<63)
		if err != nil || len(got) != 1 || !got[open] {
			t.Errorf("%v, error %v", got, err)
		}
		if got, err := w.users.Shows(t.Context()); err != nil || len(got) != 0 {
			t.Errorf("%v, error %v", got, err)
		}
	})
}

func TestDatabaseErrorsAreNoRefusals(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		p := w.people(t, 2)
		pool, err := w.d.DB.DB()
		if err != nil {
			t.Fatal(err)
		}
		if err := pool.Close(); err != nil {
			t.Fatal(err)
		}
		u, err := NewUser("late", "", "h", "")
		if err != nil {
			t.Fatal(err)
		}
		_, byID := w.users.ByID(t.Context(), p[0])
		_, byLogin := w.users.ByLogin(t.Context(), "user-b.")
		_, conf := w.users.Conf(t.Context(), p[0])
		_, ask := w.ask(t, p[0], p[1])
		_, handle := w.handle(t, p[0], 1, RequestAccepted)
		for what, err := range map[string]error{
			"create": w.users.Create(t.Context(), u), "by id": byID, "by login": byLogin, "settings": conf, "ask": ask, "handle": handle,
		} {
			if e := new(errs.Error); err == nil || errors.As(err, &e) {
				t.Errorf("%s without a database: %v", what, err)
			}
		}
	})
}

func TestAllAccountsPageByPage(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := Users{DB: d}
		for n := range 5 {
			u := &UserModel{UserName: fmt.Sprint("u", n), NameKey: fmt.Sprint("u", n), Nickname: "N", Pwd: "x"}
			if err := d.Create(u).Error; err != nil {
				t.Fatal(err)
			}
		}
		if err := d.Model(&UserModel{}).Where("id = 3").Update("deleted_at", 1).Error; err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			after uint64
			limit int
			want  string
		}{{0, 2, "[1 2]"}, {2, 2, "[4 5]"}, {5, 2, "[]"}, {0, 0, "[1 2 4 5]"}, {0, -1, "[1 2 4 5]"}, {1 << 63, 5, "[]"}} {
			ids, err := q.After(t.Context(), c.after, c.limit)
			if err != nil || fmt.Sprint(ids) != c.want {
				t.Errorf("after %d, %d: %v, %v", c.after, c.limit, ids, err)
			}
		}
	}, Migration)
}
