package logic

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"tudoIM/common/errs"
	"tudoIM/common/event"
	"tudoIM/common/wire"
	"tudoIM/tudoIM_user/user_rpc/internal/model"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

func (w *world) unfriend(t *testing.T, user, friend uint64) error {
	t.Helper()
	_, err := NewUnfriendLogic(t.Context(), w.ServiceContext).Unfriend(&user_rpc.PairRequest{UserId: user, PeerId: friend})
	return err
}

func (w *world) remark(t *testing.T, user, friend uint64, notice string) error {
	t.Helper()
	_, err := NewRemarkLogic(t.Context(), w.ServiceContext).Remark(&user_rpc.RemarkRequest{UserId: user, FriendId: friend, Notice: &notice})
	return err
}

// blacken blocks peer for user, or unblocks.
func (w *world) blacken(t *testing.T, user, peer uint64, on bool) error {
	t.Helper()
	in := &user_rpc.PairRequest{UserId: user, PeerId: peer}
	if on {
		_, err := NewBlockLogic(t.Context(), w.ServiceContext).Block(in)
		return err
	}
	_, err := NewUnblockLogic(t.Context(), w.ServiceContext).Unblock(in)
	return err
}

func TestChatKnowsOfAChangeBeforeTheAnswer(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		a, b := w.befriend(t) // a has the lower id
		for _, c := range []struct {
			what string
			do   func() error
			want [3]int64
		}{
			{"a blocks", func() error { return w.blacken(t, a, b, true) }, [3]int64{2, 0, 40003}},
			{"a blocks again", func() error { return w.blacken(t, a, b, true) }, [3]int64{2, 0, 40003}},
			{"a name", func() error { return w.remark(t, b, a, "x") }, [3]int64{2, 0, 40003}},
			{"a unblocks", func() error { return w.blacken(t, a, b, false) }, [3]int64{3, 0, 0}},
			{"b goes", func() error { return w.unfriend(t, b, a) }, [3]int64{4, 40002, 40002}},
			{"b goes again", func() error { return w.unfriend(t, b, a) }, [3]int64{4, 40002, 40002}},
			{"strangers block", func() error { return w.blacken(t, b, a, true) }, [3]int64{5, 40002, 40002}},
			{"friends again, and blocked still", func() error { _, err := w.add(t, b, a); return err }, [3]int64{6, 40003, 0}},
		} {
			wantCode(t, c.what, c.do(), nil)
			if got := w.chat.of(a, b); got != c.want {
				t.Errorf("%s: chat_rpc knows %v, want %v", c.what, got, c.want)
			}
			f := w.pair(t, a, b)
			if got := w.chat.blocked(a, b); got != [2]bool{f.High.Blocks, f.Low.Blocks} {
				t.Errorf("%s: chat_rpc knows of blocks %v", c.what, got)
			}
			if !w.pair(t, a, b).RightsSynced {
				t.Errorf("%s: not synced", c.what)
			}
		}
	})
}

// With chat_rpc away the caller gets 503 and the commit stands; the next try
// makes it whole, and rings at no device again.
func TestAPairChangesThoughChatIsDown(t *testing.T) {
	t.Parallel()
	for what, do := range map[string]func(w *world, t *testing.T, a, b uint64) error{
		"unfriend": func(w *world, t *testing.T, a, b uint64) error { return w.unfriend(t, a, b) },
		"block":    func(w *world, t *testing.T, a, b uint64) error { return w.blacken(t, a, b, true) },
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			w := onSQLite(t)
			a, b := w.befriend(t)
			heard := w.listen(t, a)
			w.chat.set(down)
			wantCode(t, what, do(w, t, a, b), errs.Unavailable)
			hear(t, heard, 1)
			if f := w.pair(t, a, b); f.Refusal(b) == 0 || f.RightsSynced {
				t.Errorf("meanwhile %+v", f)
			}
			w.chat.set(nil)
			wantCode(t, "again", do(w, t, a, b), nil)
			w.silent(t, heard, a)
			if got := w.chat.of(a, b); got[2] == 0 {
				t.Errorf("chat_rpc knows %v", got)
			}
		})
	}
}

func TestWhoHearsOfAChangedPair(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	a, b := w.befriend(t)
	heard := w.listen(t, a, b)
	wantCode(t, "remark", w.remark(t, a, b, "Bob"), nil)
	own := fmt.Sprintf("friendUpdated %d", a)
	got := hear(t, heard, 1)[own]
	friend, _ := got["friend"].(map[string]any)
	if len(got) != 3 || got["isBlack"] != false || got["isFriend"] != true || friend["userId"] != float64(b) || friend["notice"] != "Bob" || friend["ver"] != 3.0 {
		t.Errorf("remark: heard %v", got)
	}
	wantCode(t, "the same remark", w.remark(t, a, b, "Bob"), nil)
	w.silent(t, heard, a)
	for _, on := range []bool{true, false} {
		wantCode(t, "block", w.blacken(t, a, b, on), nil)
		if got := hear(t, heard, 1)[own]; got["isBlack"] != on || got["isFriend"] != true {
			t.Errorf("block %v: heard %v", on, got)
		}
		w.silent(t, heard, b) // who is blocked is not told
	}
	wantCode(t, "unfriend", w.unfriend(t, a, b), nil)
	both := hear(t, heard, 2)
	for user, peer := range map[uint64]uint64{a: b, b: a} {
		if got := both[fmt.Sprintf("friendDeleted %d", user)]; len(got) != 1 || got["userId"] != float64(peer) {
			t.Errorf("unfriend: %d hears %v", user, both)
		}
	}
	wantCode(t, "unfriend again", w.unfriend(t, b, a), nil)
	w.silent(t, heard, a)
}

// Nodes remember for a while who may see whom: they hear when that changes.
func TestNodesHearOfAChangedPair(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	a, b := w.befriend(t)
	heard := make(chan *wire.Event, 10)
	sub := w.Bus.Subscribe(t.Context(), func(_ string, e *wire.Event) { heard <- e }, func() {}, event.Pairs)
	until(t, "the bus is heard", sub.Up)
	wantCode(t, "remark", w.remark(t, a, b, "Bob"), nil) // which changes nothing of it
	for _, c := range []struct {
		name string
		do   func() error
	}{
		{"block", func() error { return w.blacken(t, a, b, true) }},
		{"unblock", func() error { return w.blacken(t, a, b, false) }},
		{"unfriend", func() error { return w.unfriend(t, b, a) }},
	} {
		for range 2 { // of which the second changes nothing
			wantCode(t, c.name, c.do(), nil)
		}
		select {
		case e := <-heard:
			if e.Name != event.Pair || len(e.To) != 2 || e.To[0].UserId != a || e.To[1].UserId != b {
				t.Errorf("%s: heard %v", c.name, e)
			}
		case <-time.After(soon):
			t.Fatalf("%s: nothing is heard", c.name)
		}
		if len(heard) != 0 {
			t.Errorf("%s: heard %v, too", c.name, <-heard)
		}
	}
}

func TestWhoMayBeBlocked(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	me, gone := w.user(t, nil), w.user(t, nil)
	hidden := w.user(t, func(c *model.UserConfModel) { c.SearchUser = model.SearchHidden })
	asks := w.user(t, func(c *model.UserConfModel) { c.SearchUser = model.SearchHidden })
	if _, err := w.add(t, asks, me); err != nil {
		t.Fatal(err)
	}
	wantCode(t, "delete", w.delete(t, gone), nil)
	for _, c := range []struct {
		name string
		id   uint64
		want *errs.Error
	}{
		{"a stranger", w.user(t, nil), nil},
		{"oneself", me, errs.Self},
		{"nobody", 1 << 40, errs.NotFound},
		{"no number", 1 << 63, errs.NotFound},
		{"a deleted account", gone, errs.NotFound},
		{"a hidden one, who looks like nobody", hidden, errs.NotFound},
		{"a hidden one who asks", asks, nil},
	} {
		wantCode(t, "block "+c.name, w.blacken(t, me, c.id, true), c.want)
		if c.id != me {
			wantCode(t, "unblock "+c.name, w.blacken(t, me, c.id, false), nil)
		}
	}
	if len(w.chat.calls) != 4 { // of the two who could be, blocked and not
		t.Errorf("chat_rpc was told %v", w.chat.calls)
	}
}

func TestBlocksAreTheBlockersOwn(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	a, b := w.befriend(t)
	w.connect(t, "n1", a)
	w.connect(t, "n1", b)
	wantCode(t, "block", w.blacken(t, a, b, true), nil)
	for _, c := range []struct {
		user, peer uint64
		blocked    bool
	}{{a, b, true}, {b, a, false}} {
		is, err := NewCheckFriendLogic(t.Context(), w.ServiceContext).CheckFriend(&user_rpc.PairRequest{UserId: c.user, PeerId: c.peer})
		if err != nil || !is.IsFriend || is.BlockedByMe != c.blocked {
			t.Errorf("%d about %d: %+v, error %v", c.user, c.peer, is, err)
		}
		list, err := NewBlacksLogic(t.Context(), w.ServiceContext).Blacks(&user_rpc.BlacksRequest{UserId: c.user})
		var ids []uint64
		for _, p := range list.GetList() {
			ids = append(ids, p.UserId)
		}
		if want := map[bool][]uint64{true: {c.peer}}[c.blocked]; err != nil || !slices.Equal(ids, want) || list.Count != int64(len(want)) {
			t.Errorf("%d blocks %v, error %v", c.user, ids, err)
		}
		// Neither sees the other online; the one who is blocked sees no more.
		card, err := NewCardLogic(t.Context(), w.ServiceContext).Card(&user_rpc.CardRequest{UserId: c.user, TargetId: c.peer})
		if err != nil || card.IsOnline || card.IsBlack != c.blocked || !card.IsFriend {
			t.Errorf("card of %d for %d: %+v, error %v", c.peer, c.user, card, err)
		}
	}
	is, err := NewCheckFriendLogic(t.Context(), w.ServiceContext).CheckFriend(&user_rpc.PairRequest{UserId: a, PeerId: 1 << 63})
	if err != nil || is.IsFriend || is.BlockedByMe {
		t.Errorf("about nobody: %+v, error %v", is, err)
	}
}

// Who closed the account is no friend any more, wherever one asks, and neither
// is the other to who closed it.
func TestAClosedAccountIsNobodysFriend(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		a, b := w.befriend(t)
		left := func(what string, n int) {
			t.Helper()
			check, err := NewCheckFriendLogic(t.Context(), w.ServiceContext).CheckFriend(&user_rpc.PairRequest{UserId: a, PeerId: b})
			if err != nil || check.IsFriend != (n == 1) {
				t.Errorf("%s: check %v, %v", what, check, err)
			}
			many, err := NewCheckFriendsLogic(t.Context(), w.ServiceContext).CheckFriends(&user_rpc.CheckFriendsRequest{UserId: a, FriendIds: []uint64{b}})
			if err != nil || len(many.FriendIds) != n {
				t.Errorf("%s: check of many %v, %v", what, many, err)
			}
			list, err := NewFriendsLogic(t.Context(), w.ServiceContext).Friends(&user_rpc.FriendsRequest{UserId: a})
			if err != nil || len(list.List) != n || list.Count != int64(n) {
				t.Errorf("%s: list %v, %v", what, list, err)
			}
			_, err = NewFriendOfLogic(t.Context(), w.ServiceContext).FriendOf(&user_rpc.PairRequest{UserId: a, PeerId: b})
			if (err == nil) != (n == 1) {
				t.Errorf("%s: one: %v", what, err)
			}
		}
		left("at first", 1)
		if err := w.delete(t, b); err != nil {
			t.Fatal(err)
		}
		left("closed", 0)
	})
}

// Who blocks a stranger is in force before the answer, though the two never met.
func TestChatKnowsOfABlockOfStrangers(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		a, b := w.user(t, nil), w.user(t, nil)
		wantCode(t, "block", w.blacken(t, b, a, true), nil)
		if got := w.chat.of(a, b); got != [3]int64{1, 40002, 40002} || w.chat.blocked(a, b) != [2]bool{true, false} {
			t.Errorf("chat_rpc knows %v, blocks %v", got, w.chat.blocked(a, b))
		}
		wantCode(t, "unblock", w.blacken(t, b, a, false), nil)
		if got := w.chat.of(a, b); got != [3]int64{2, 40002, 40002} || w.chat.blocked(a, b) != [2]bool{} {
			t.Errorf("chat_rpc knows %v, blocks %v", got, w.chat.blocked(a, b))
		}
	})
}
