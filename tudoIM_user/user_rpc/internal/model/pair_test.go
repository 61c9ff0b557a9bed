package model

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tudoIM/common/errs"
	"tudoIM/core/db/dbtest"
)

// change is a call of one of the changes of a pair by a about b.
type change func(w *world, t *testing.T, a, b uint64) (*FriendModel, bool, error)

func unfriend(w *world, t *testing.T, a, b uint64) (*FriendModel, bool, error) {
	return w.friends.Unfriend(t.Context(), a, b, w.now)
}

func block(w *world, t *testing.T, a, b uint64) (*FriendModel, bool, error) {
	return w.friends.Block(t.Context(), a, b, w.now)
}

func unblock(w *world, t *testing.T, a, b uint64) (*FriendModel, bool, error) {
	return w.friends.Unblock(t.Context(), a, b, w.now)
}

func remark(notice string) change {
	return func(w *world, t *testing.T, a, b uint64) (*FriendModel, bool, error) {
		return w.friends.Remark(t.Context(), a, b, RemarkChange{Notice: &notice}, w.now)
	}
}

func place(top bool) change {
	return func(w *world, t *testing.T, a, b uint64) (*FriendModel, bool, error) {
		return w.friends.Remark(t.Context(), a, b, RemarkChange{IsTop: &top}, w.now)
	}
}

func nothing(w *world, t *testing.T, a, b uint64) (*FriendModel, bool, error) {
	return w.friends.Remark(t.Context(), a, b, RemarkChange{}, w.now)
}

func TestChangesOfAPair(t *testing.T) {
	t.Parallel()
	type step struct {
		what string
		by   int
		do   change
		// What comes of it: ver and rights rise by these.
		changed     bool
		ver, rights uint64
		// What each is refused with afterwards.
		refusals [2]int32
		want     *errs.Error
	}
	both := func(code int32) [2]int32 { return [2]int32{code, code} }
	for name, c := range map[string]struct {
		friends bool
		steps   []step
	}{
		"friends part": {true, []step{
			{"one goes", 1, unfriend, true, 1, 1, both(40002), nil},
			{"again", 1, unfriend, false, 0, 0, both(40002), nil},
			{"the other goes, too", 0, unfriend, false, 0, 0, both(40002), nil},
			{"a remark", 0, remark("x"), false, 0, 0, both(40002), errs.NotFriends},
		}},
		"friends block": {true, []step{
			{"one blocks", 0, block, true, 1, 1, [2]int32{0, 40003}, nil},
			{"again", 0, block, false, 0, 0, [2]int32{0, 40003}, nil},
			{"the other as well", 1, block, true, 1, 1, both(40003), nil},
			{"one unblocks", 0, unblock, true, 1, 1, [2]int32{40003, 0}, nil},
			{"again", 0, unblock, false, 0, 0, [2]int32{40003, 0}, nil},
			{"part while blocked", 0, unfriend, true, 1, 1, both(40002), nil},
			{"strangers unblock", 1, unblock, true, 1, 1, both(40002), nil},
		}},
		"friends give names": {true, []step{
			{"a name", 0, remark("Bob 🎉"), true, 1, 0, both(0), nil},
			{"the same", 0, remark("Bob 🎉"), false, 0, 0, both(0), nil},
			{"none", 0, remark(""), true, 1, 0, both(0), nil},
			{"at the limit", 0, remark(strings.Repeat("图", 32)), true, 1, 0, both(0), nil},
			{"one past", 0, remark(strings.Repeat("图", 33)), false, 0, 0, both(0), errs.Bad},
			{"of lines", 0, remark("a\nb"), false, 0, 0, both(0), errs.Bad},
			{"not UTF-8", 0, remark("\xff"), false, 0, 0, both(0), errs.Bad},
		}},
		"friends are put on top": {true, []step{
			{"on top", 0, place(true), true, 1, 0, both(0), nil},
			{"again", 0, place(true), false, 0, 0, both(0), nil},
			{"by the other as well", 1, place(true), true, 1, 0, both(0), nil},
			{"nothing", 0, nothing, false, 0, 0, both(0), nil},
			{"a name leaves it there", 0, remark("x"), true, 1, 0, both(0), nil},
			{"down", 0, place(false), true, 1, 0, both(0), nil},
		}},
		"strangers": {false, []step{
			{"part", 0, unfriend, false, 0, 0, both(40002), errs.NotFriends},
			{"give names", 0, remark("x"), false, 0, 0, both(40002), errs.NotFriends},
			{"put on top", 0, place(true), false, 0, 0, both(40002), errs.NotFriends},
			{"change nothing", 0, nothing, false, 0, 0, both(40002), errs.NotFriends},
			{"unblock", 0, unblock, false, 0, 0, both(40002), nil},
			{"block", 0, block, true, 1, 1, both(40002), nil},
			{"part still", 0, unfriend, false, 0, 0, both(40002), errs.NotFriends},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, w *world) {
				p := w.people(t, 2)
				if c.friends {
					w.befriend(t, p[0], p[1])
				}
				for _, s := range c.steps {
					before := w.pair(t, p[0], p[1])
					got, changed, err := s.do(w, t, p[s.by], p[1-s.by])
					wantCode(t, s.what, err, s.want)
					f := w.pair(t, p[0], p[1])
					if changed != s.changed || f.Ver != before.Ver+s.ver || f.RightsVer != before.RightsVer+s.rights {
						t.Errorf("%s: changed %v, from %+v to %+v", s.what, changed, before, f)
					}
					if s.rights > 0 && f.RightsSynced {
						t.Errorf("%s: chat_rpc is not told", s.what)
					}
					if err == nil && *got != *f {
						t.Errorf("%s: returned %+v, stored %+v", s.what, got, f)
					}
					if now := [2]int32{f.Refusal(p[0]), f.Refusal(p[1])}; now != s.refusals {
						t.Errorf("%s: refused with %v, want %v", s.what, now, s.refusals)
					}
				}
			})
		})
	}
}

func TestWhatChangesNothingMakesNoRow(t *testing.T) {
	t.Parallel()
	w := newWorld(dbtest.SQLite(t, Migration))
	p := w.people(t, 2)
	for _, do := range []change{unfriend, unblock, remark("x")} {
		for _, peer := range []uint64{p[1], p[0], 0, 1 << 40, 1 << 63} {
			if _, changed, _ := do(w, t, p[0], peer); changed {
				t.Errorf("changed something about %d", peer)
			}
		}
	}
	if n := w.count(t, &FriendModel{}, "1 = 1"); n != 0 {
		t.Errorf("%d rows", n)
	}
}

func TestOfManyWhoPartAtOnceOneDoes(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		p := w.people(t, 2)
		before := w.befriend(t, p[0], p[1])
		got := atOnce(20, func(i int) error {
			_, _, err := unfriend(w, t, p[i%2], p[1-i%2])
			return err
		})
		if f := w.pair(t, p[0], p[1]); got[nil] != 20 || f.IsFriend || f.Ver != before.Ver+1 || f.RightsVer != before.RightsVer+1 || f.DeletedAt == 0 {
			t.Errorf("answers %v, %+v", got, f)
		}
		w.befriend(t, p[1], p[0])
		if f := w.pair(t, p[0], p[1]); !f.IsFriend || f.DeletedAt != 0 || f.Refusal(p[0]) != 0 {
			t.Errorf("friends again: %+v", f)
		}
	})
}

func TestBlacksArePaged(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		low := w.people(t, 3)
		me := w.user(t, "me", nil)
		others := append(low, w.people(t, 4)...)
		for _, id := range others {
			if _, changed, err := block(w, t, me, id); err != nil || !changed {
				t.Fatalf("changed %v, error %v", changed, err)
			}
		}
		if _, _, err := block(w, t, w.user(t, "blocks me", nil), me); err != nil {
			t.Fatal(err)
		}
		if _, err := w.users.Delete(t.Context(), others[1], EndedByOwner, w.now); err != nil {
			t.Fatal(err)
		}
		if _, _, err := unblock(w, t, me, others[4]); err != nil {
			t.Fatal(err)
		}
		want := slices.DeleteFunc(slices.Clone(others), func(id uint64) bool { return id == others[1] || id == others[4] })
		var got []uint64
		for page := int32(1); page <= 3; page++ {
			list, count, err := w.friends.Blacks(t.Context(), me, page, 3)
			if err != nil || count != 5 {
				t.Errorf("page %d: %d, error %v", page, count, err)
			}
			for _, f := range list {
				got = append(got, f.Peer(me))
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%v, want %v", got, want)
		}
		_, _, err := w.friends.Blacks(t.Context(), 1<<63, 1, 3)
		wantCode(t, "nobody", err, errs.NotFound)
	})
}

// Who is blocked, named or put on top by a friend sees no new version: it would
// tell what the friend has done.
func TestVersionsTellOfWhatOneSees(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		p := w.people(t, 2)
		w.befriend(t, p[0], p[1])
		for n, c := range []struct {
			what  string
			by    int
			do    change
			rises [2]uint64
		}{
			{"block", 0, block, [2]uint64{1, 0}},
			{"block again", 0, block, [2]uint64{0, 0}},
			{"unblock", 0, unblock, [2]uint64{1, 0}},
			{"name", 1, remark("x"), [2]uint64{0, 1}},
			{"on top", 1, place(true), [2]uint64{0, 1}},
			{"part", 0, unfriend, [2]uint64{1, 1}},
			{"block a friend of old", 1, block, [2]uint64{0, 1}},
		} {
			w.now = w.now.Add(time.Second)
			before := w.pair(t, p[0], p[1])
			if _, _, err := c.do(w, t, p[c.by], p[1-c.by]); err != nil {
				t.Fatalf("%s: %v", c.what, err)
			}
			f := w.pair(t, p[0], p[1])
			for i, user := range p {
				was, is := before.Of(user), f.Of(user)
				at := was.ChangedAt
				if c.rises[i] > 0 {
					at = w.now.UnixMilli()
				}
				if is.Ver != was.Ver+c.rises[i] || is.ChangedAt != at {
					t.Errorf("%d, %s: side %d goes from %+v to %+v", n, c.what, i, was, is)
				}
			}
		}
	})
}
