package model

import (
	"errors"
	"testing"

	"tudoIM/common/errs"
)

// race is a request that is accepted while one of the two does something else.
type race struct {
	from, to uint64
	id       uint64
	// accepted and other are what the two calls came to.
	accepted, other error
}

// races runs do against the accept of each of some requests, all at once. Every
// other one is done by who asked, the rest by who was asked.
func races(t *testing.T, w *world, do func(w *world, t *testing.T, a, b uint64) error) []race {
	t.Helper()
	const rounds = 8
	p := w.people(t, 2*rounds)
	list := make([]race, rounds)
	for i := range list {
		list[i] = race{from: p[2*i], to: p[2*i+1], id: w.request(t, p[2*i], p[2*i+1])}
	}
	atOnce(2*rounds, func(i int) error {
		r := &list[i/2]
		if i%2 == 0 {
			_, r.accepted = w.handle(t, r.to, r.id, RequestAccepted)
			return r.accepted
		}
		a, b := r.from, r.to
		if i/2%2 == 1 {
			a, b = b, a
		}
		r.other = do(w, t, a, b)
		return r.other
	})
	return list
}

// TestAcceptAgainstABlock: both happen, in either order, and what chat_rpc is
// to be told is the same.
func TestAcceptAgainstABlock(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		for i, r := range races(t, w, func(w *world, t *testing.T, a, b uint64) error { _, _, err := block(w, t, a, b); return err }) {
			blocker, blocked := r.from, r.to
			if i%2 == 1 {
				blocker, blocked = blocked, blocker
			}
			f := w.pair(t, r.from, r.to)
			if r.accepted != nil || r.other != nil || !f.IsFriend || !f.Of(blocker).Blocks || f.Of(blocked).Blocks || f.MayWatch() {
				t.Errorf("accept %v, block %v, %+v", r.accepted, r.other, f)
			}
			if f.Refusal(blocker) != 0 || f.Refusal(blocked) != int32(errs.SendBlocked.Code) || f.RightsSynced || f.RightsVer == 0 || f.RightsVer > f.Ver || f.Ver != 2 {
				t.Errorf("rights: %+v", f)
			}
		}
		if n := w.count(t, &FriendVerifyModel{}, "open_key IS NOT NULL"); n != 0 {
			t.Errorf("%d requests are open", n)
		}
	})
}

// TestAcceptAgainstTheEnd: whoever ends the friendship that is being made
// either came too early or has ended it.
func TestAcceptAgainstTheEnd(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		for _, r := range races(t, w, func(w *world, t *testing.T, a, b uint64) error { _, _, err := unfriend(w, t, a, b); return err }) {
			f := w.pair(t, r.from, r.to)
			if r.accepted != nil || r.other != nil && !errors.Is(r.other, errs.NotFriends) {
				t.Errorf("accept %v, end %v", r.accepted, r.other)
			}
			early := r.other != nil
			if f.IsFriend != early || (f.DeletedAt == 0) != early || (f.Refusal(r.from) == 0) != early || f.Refusal(r.from) != f.Refusal(r.to) || f.RightsVer != f.Ver || f.RightsSynced {
				t.Errorf("too early %v, %+v", early, f)
			}
			v, err := requestOf(w.d.DB, r.id)
			if err != nil || v.OpenKey != nil || v.SendStatus != RequestAccepted || v.RevStatus != RequestAccepted {
				t.Errorf("%+v, %v", v, err)
			}
		}
	})
}
