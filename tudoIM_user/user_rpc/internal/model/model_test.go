package model

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gorm.io/gorm"

	"tudoIM/common/errs"
	"tudoIM/common/model"
	"tudoIM/core/db"
	"tudoIM/core/db/dbtest"
)

// world is a database with users and what tests do with them.
type world struct {
	d       *db.DB
	users   Users
	friends Friends
	now     time.Time
	made    int
}

func newWorld(d *db.DB) *world {
	return &world{
		d: d, users: Users{DB: d}, now: time.UnixMilli(1_700_000_000_000),
		friends: Friends{DB: d, Limits: Limits{RequestsPerDay: 20, Friends: 5000}},
	}
}

// each runs f on a fresh world of either database.
func each(t *testing.T, f func(t *testing.T, w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { f(t, newWorld(d)) }, Migration)
}

// user makes an account whose settings are as change leaves them.
func (w *world) user(t *testing.T, nickname string, change func(*UserConfModel)) uint64 {
	t.Helper()
	w.made++
	// Without digits, which a search would take for those of an id.
	name := "user-" + strings.Map(func(r rune) rune { return r - '0' + 'a' }, strconv.Itoa(w.made)) + "."
	u, err := NewUser(name, nickname, "hash", "web")
	if err != nil {
		t.Fatal(err)
	}
	if err := w.users.Create(t.Context(), u); err != nil {
		t.Fatal(err)
	}
	if change != nil {
		c, err := w.users.Conf(t.Context(), u.ID)
		if err != nil {
			t.Fatal(err)
		}
		change(c)
		w.save(t, c)
	}
	return u.ID
}

func (w *world) save(t *testing.T, row any) {
	t.Helper()
	if err := w.d.Save(row).Error; err != nil {
		t.Fatal(err)
	}
}

// people makes n users who want a message.
func (w *world) people(t *testing.T, n int) []uint64 {
	t.Helper()
	ids := make([]uint64, n)
	for i := range ids {
		ids[i] = w.user(t, fmt.Sprintf("nick %d", i), nil)
	}
	return ids
}

func (w *world) ask(t *testing.T, from, to uint64) (*Outcome, error) {
	t.Helper()
	return w.friends.Ask(t.Context(), Ask{From: from, To: to, Verify: "hi"}, w.now)
}

// request is an ask that waits.
func (w *world) request(t *testing.T, from, to uint64) uint64 {
	t.Helper()
	out, err := w.ask(t, from, to)
	if err != nil || out.Pair.IsFriend || out.Verify.ID == 0 || out.News != Requested {
		t.Fatalf("%+v, error %v", out, err)
	}
	return out.Verify.ID
}

func (w *world) handle(t *testing.T, user, id uint64, status int32) (*Outcome, error) {
	t.Helper()
	return w.friends.Handle(t.Context(), user, id, status, "", w.now)
}

// befriend makes a and b friends, as chat_rpc knows.
func (w *world) befriend(t *testing.T, a, b uint64) *FriendModel {
	t.Helper()
	out, err := w.handle(t, b, w.request(t, a, b), RequestAccepted)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.friends.Synced(t.Context(), out.Pair); err != nil {
		t.Fatal(err)
	}
	return w.pair(t, a, b)
}

func (w *world) pair(t *testing.T, a, b uint64) *FriendModel {
	t.Helper()
	f, err := w.friends.Pair(t.Context(), a, b)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func (w *world) count(t *testing.T, model any, where string, args ...any) int64 {
	t.Helper()
	var n int64
	if err := w.d.Model(model).Where(where, args...).Count(&n).Error; err != nil {
		t.Fatal(err)
	}
	return n
}

// wantCode fails unless err is want; a nil want is no error.
func wantCode(t *testing.T, what string, err error, want *errs.Error) {
	t.Helper()
	if want == nil && err != nil || want != nil && !errors.Is(err, want) {
		t.Errorf("%s: %v, want %v", what, err, want)
	}
}

// atOnce runs f for 0 to n-1 at the same time and returns how many gave each
// error; nil counts under nil.
func atOnce(n int, f func(i int) error) map[*errs.Error]int {
	var mu sync.Mutex
	var wg sync.WaitGroup
	start, got := make(chan struct{}), map[*errs.Error]int{}
	for i := range n {
		wg.Go(func() {
			<-start
			err := f(i)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				got[nil]++
				return
			}
			got[errs.ByCode(errs.From(err).Code)]++
		})
	}
	close(start)
	wg.Wait()
	return got
}

func TestSchema(t *testing.T) {
	t.Parallel()
	dbtest.Schema(t, Migration, &UserModel{}, &UserConfModel{}, &FriendModel{}, &FriendVerifyModel{})
}

// The tables keep what the code promises even against the code.
func TestUniqueKeys(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		a, b := w.user(t, "a", nil), w.user(t, "b", nil)
		w.request(t, a, b)
		for name, row := range map[string]any{
			"name":     &UserModel{UserName: "x", NameKey: "user-b.", Pwd: "h", Nickname: "x"},
			"settings": &UserConfModel{UserID: a},
			"pair":     &FriendModel{LowUserID: a, HighUserID: b},
			"open":     &FriendVerifyModel{SendUserID: b, RevUserID: a, Request: model.Request{OpenKey: openKey(b, a)}},
		} {
			if err := w.d.Create(row).Error; !db.IsDuplicate(err) {
				t.Errorf("second %s: %v", name, err)
			}
		}
		if err := w.d.Create(&FriendVerifyModel{SendUserID: b, RevUserID: a}).Error; err != nil {
			t.Errorf("a second closed request: %v", err)
		}
		var u UserModel
		if err := w.d.Take(&u, "name_key = ?", "USER-B.").Error; !errors.Is(err, gorm.ErrRecordNotFound) {
			t.Errorf("name keys are not byte-exact: %v", err)
		}
	})
}

func TestPairsOfStrangersAreNotMade(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		for _, ids := range [][2]uint64{{1, 2}, {0, 1}, {1, maxID + 1}, {1 << 63, 3}} {
			if f := w.pair(t, ids[0], ids[1]); f.ID != 0 || f.IsFriend || f.LowUserID > f.HighUserID {
				t.Errorf("%v: %+v", ids, f)
			}
		}
		if n := w.count(t, &FriendModel{}, "1 = 1"); n != 0 {
			t.Errorf("%d rows", n)
		}
	})
}

func TestSyncedOnlyForTheVersionThatWasTold(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		p := w.people(t, 8)
		for i := 0; i < len(p); i += 2 {
			if _, err := w.handle(t, p[i+1], w.request(t, p[i], p[i+1]), RequestAccepted); err != nil {
				t.Fatal(err)
			}
		}
		first, err := w.friends.Unsynced(t.Context(), 0, 3)
		if err != nil || len(first) != 3 || !slices.IsSortedFunc(first, func(a, b *FriendModel) int { return int(a.ID) - int(b.ID) }) {
			t.Fatalf("%+v, error %v", first, err)
		}
		rest, err := w.friends.Unsynced(t.Context(), first[2].ID, 3)
		if err != nil || len(rest) != 1 {
			t.Fatalf("%+v, error %v", rest, err)
		}

		newer := *rest[0]
		newer.RightsVer++
		w.save(t, &newer)
		if err := w.friends.Synced(t.Context(), rest[0]); err != nil {
			t.Fatal(err)
		}
		if w.pair(t, newer.LowUserID, newer.HighUserID).RightsSynced {
			t.Error("an old call marks a new version as told")
		}
		if err := w.friends.Synced(t.Context(), &newer); err != nil {
			t.Fatal(err)
		}
		if !w.pair(t, newer.LowUserID, newer.HighUserID).RightsSynced {
			t.Error("the new version is not marked")
		}
	})
}

func TestListOfFriends(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		me := w.user(t, "me", nil)
		names := []string{"ann", "Bob%", "c_d", `e\f`, "g!h", "ann two"}
		ids := make([]uint64, len(names))
		for i, name := range names {
			ids[i] = w.user(t, name, nil)
			if i%2 == 0 {
				w.befriend(t, me, ids[i])
			} else {
				w.befriend(t, ids[i], me)
			}
		}
		stranger := w.user(t, "ann stranger", nil)
		w.request(t, me, stranger)
		gone := w.user(t, "ann gone", nil)
		w.befriend(t, me, gone)
		if err := w.d.Model(&UserModel{}).Where("id = ?", gone).Update("deleted_at", 1).Error; err != nil {
			t.Fatal(err)
		}
		f := w.pair(t, me, ids[3])
		f.Of(me).IsTop, f.Of(me).Notice = true, "50% off"
		f.Of(ids[3]).Notice = "ann, as he calls me"
		w.save(t, f)

		for _, c := range []struct {
			name        string
			key         string
			page, limit int32
			want        []int
			count       int64
		}{
			{"all, those on top first", "", 0, 0, []int{3, 0, 1, 2, 4, 5}, 6},
			{"first page", "", 1, 2, []int{3, 0}, 6},
			{"last page", "", 3, 2, []int{4, 5}, 6},
			{"beyond the last page", "", 4, 2, nil, 6},
			{"no such page", "", -1, 2, []int{3, 0}, 6},
			{"by nickname", "ann", 1, 20, []int{0, 5}, 2},
			{"a percent sign is one, also in a notice", "%", 1, 20, []int{3, 1}, 2},
			{"an underscore is one", "_", 1, 20, []int{2}, 1},
			{"a backslash is one", `\`, 1, 20, []int{3}, 1},
			{"an escape is one", "!", 1, 20, []int{4}, 1},
			{"the other side's notice is not mine to search", "calls", 1, 20, nil, 0},
		} {
			list, count, err := w.friends.List(t.Context(), me, c.key, 0, c.page, c.limit)
			var got []int
			for _, f := range list {
				got = append(got, slices.Index(ids, f.Peer(me)))
			}
			if err != nil || count != c.count || !slices.Equal(got, c.want) {
				t.Errorf("%s: %v of %d, error %v, want %v of %d", c.name, got, count, err, c.want, c.count)
			}
		}
		_, _, err := w.friends.List(t.Context(), me, "two\nlines", 0, 1, 1)
		wantCode(t, "two lines", err, errs.Bad)

		among, err := w.friends.Among(t.Context(), me, append([]uint64{stranger, me, 0, 1 << 63}, ids...))
		if err != nil || len(among) != len(ids) {
			t.Errorf("among: %v, error %v", among, err)
		}
	})
}

func TestPagesHaveALimit(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, Migration)
	w := newWorld(d)
	w.friends.Limits.RequestsPerDay = 1000
	me := w.user(t, "me", nil)
	for range 101 {
		w.befriend(t, w.user(t, "friend", nil), me)
		w.request(t, me, w.user(t, "found", nil))
	}
	for _, c := range []struct {
		limit int32
		want  int
	}{{-1, 20}, {0, 20}, {1, 1}, {100, 100}, {101, 100}, {1 << 30, 100}} {
		list, n, err := w.friends.List(t.Context(), me, "", 0, 1, c.limit)
		if err != nil || len(list) != c.want || n != 101 {
			t.Errorf("friends, limit %d: %d of %d, error %v", c.limit, len(list), n, err)
		}
		found, n, err := w.users.Search(t.Context(), me, "found", nil, 1, c.limit)
		if err != nil || len(found) != c.want || n != 101 {
			t.Errorf("search, limit %d: %d of %d, error %v", c.limit, len(found), n, err)
		}
		asked, n, err := w.friends.Requests(t.Context(), me, "send", nil, 1, c.limit)
		if err != nil || len(asked) != c.want || n != 101 {
			t.Errorf("requests, limit %d: %d of %d, error %v", c.limit, len(asked), n, err)
		}
	}
	if list, _, err := w.friends.List(t.Context(), me, "", 0, 1<<31-1, 100); err != nil || len(list) != 0 {
		t.Errorf("the last page there can be: %d, error %v", len(list), err)
	}
}

// Friendships made at the same time on many pairs, each asked for from both
// sides by several devices.
func TestBothApplyAtOnce(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*UserConfModel){
		"with a message": nil,
		"anybody":        func(c *UserConfModel) { c.Verification = VerifyAnybody },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, w *world) {
				const pairs, devices = 8, 6
				ids := make([]uint64, 2*pairs)
				for i := range ids {
					ids[i] = w.user(t, "x", change)
				}
				var news [pairs]atomic.Int32
				got := atOnce(pairs*devices, func(i int) error {
					p := i % pairs
					from, to := ids[2*p], ids[2*p+1]
					if i/pairs%2 == 1 {
						from, to = to, from
					}
					out, err := w.ask(t, from, to)
					if err == nil && (out.News == Decided || out.News == Befriended) {
						news[p].Add(1)
					}
					return err
				})
				if got[nil]+got[errs.AlreadyFriends] != pairs*devices {
					t.Errorf("answers: %v", got)
				}
				if n := w.count(t, &FriendModel{}, "is_friend = ? AND rights_ver = 1 AND ver = 1", true); n != pairs {
					t.Errorf("%d friendships", n)
				}
				if n := w.count(t, &FriendModel{}, "1 = 1"); n != pairs {
					t.Errorf("%d rows of pairs", n)
				}
				if n := w.count(t, &FriendVerifyModel{}, "1 = 1"); n != pairs {
					t.Errorf("%d requests", n)
				}
				if n := w.count(t, &FriendVerifyModel{}, "open_key IS NOT NULL"); n != 0 {
					t.Errorf("%d open requests between friends", n)
				}
				for p := range news {
					if n := news[p].Load(); n != 1 {
						t.Errorf("pair %d became friends %d times", p, n)
					}
				}
			})
		})
	}
}

func TestManyApplyFromOneSideAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		p := w.people(t, 2)
		var mu sync.Mutex
		requests, told := map[uint64]bool{}, 0
		got := atOnce(20, func(int) error {
			out, err := w.ask(t, p[0], p[1])
			if err == nil {
				mu.Lock()
				defer mu.Unlock()
				requests[out.Verify.ID] = true
				if out.News == Requested {
					told++
				}
			}
			return err
		})
		if got[nil] != 20 || len(requests) != 1 || told != 1 {
			t.Errorf("answers %v, requests %v, told %d times", got, requests, told)
		}
		if n := w.count(t, &FriendVerifyModel{}, "open_key IS NOT NULL"); n != 1 {
			t.Errorf("%d open requests", n)
		}
	})
}

func TestFiftyAccepts(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		p := w.people(t, 2)
		id := w.request(t, p[0], p[1])
		var decided atomic.Int32
		got := atOnce(50, func(int) error {
			out, err := w.handle(t, p[1], id, RequestAccepted)
			if err == nil && out.News == Decided {
				decided.Add(1)
			}
			if err == nil && !out.Pair.IsFriend {
				return errors.New("accepted, but no friends")
			}
			return err
		})
		if got[nil] != 50 || decided.Load() != 1 {
			t.Errorf("answers %v, decided %d times", got, decided.Load())
		}
		if f := w.pair(t, p[0], p[1]); !f.IsFriend || f.RightsVer != 1 || f.Ver != 1 || f.RightsSynced {
			t.Errorf("%+v", f)
		}
		if n := w.count(t, &FriendModel{}, "1 = 1"); n != 1 {
			t.Errorf("%d pairs", n)
		}
	})
}

func TestAcceptAgainstRefuse(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		const rounds = 8
		p := w.people(t, 2*rounds)
		ids := make([]uint64, rounds)
		for i := range ids {
			ids[i] = w.request(t, p[2*i], p[2*i+1])
		}
		var mu sync.Mutex
		won := map[uint64][]int32{}
		atOnce(2*rounds, func(i int) error {
			r, status := i/2, int32(i%2+1)
			_, err := w.handle(t, p[2*r+1], ids[r], status)
			if err != nil && !errors.Is(err, errs.Handled) {
				t.Errorf("status %d: %v", status, err)
			}
			if err == nil {
				mu.Lock()
				defer mu.Unlock()
				won[ids[r]] = append(won[ids[r]], status)
			}
			return err
		})
		for i, id := range ids {
			v, err := requestOf(w.d.DB, id)
			if err != nil {
				t.Fatal(err)
			}
			if len(won[id]) != 1 || v.RevStatus != won[id][0] || v.SendStatus != v.RevStatus || v.OpenKey != nil ||
				w.pair(t, p[2*i], p[2*i+1]).IsFriend != (won[id][0] == RequestAccepted) {
				t.Errorf("won %v, row %+v", won[id], v)
			}
		}
	})
}

func TestFriendsHaveALimit(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.friends.Limits.Friends = 2
		p := w.people(t, 4)
		w.befriend(t, p[0], p[1])
		w.befriend(t, p[2], p[0])
		id := w.request(t, p[3], p[0])
		_, err := w.handle(t, p[0], id, RequestAccepted)
		wantCode(t, "one past the limit", err, errs.Conflict)
		if f := w.pair(t, p[0], p[3]); f.IsFriend || f.RightsVer != 0 {
			t.Errorf("refused, but %+v", f)
		}
		if n, err := w.friends.Pending(t.Context(), p[0]); err != nil || n != 1 {
			t.Errorf("%d requests wait, error %v", n, err)
		}
		w.friends.Limits.Friends = 3
		_, err = w.handle(t, p[0], id, RequestAccepted)
		wantCode(t, "at the limit", err, nil)
	})
}
