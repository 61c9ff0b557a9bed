package logic

import (
	"fmt"
	"slices"
	"testing"

	"tudoIM/common/errs"
	"tudoIM/common/wire"
	"tudoIM/tudoIM_chat/chat_rpc/internal/model"
	"tudoIM/tudoIM_chat/chat_rpc/types/chat_rpc"
)

// strangers are what user_rpc says of two who are not friends.
func strangers(version uint64, oneBlocked, twoBlocked bool) *chat_rpc.SetRightsRequest {
	return &chat_rpc.SetRightsRequest{
		UserId: 1, PeerId: 2, UserRefusal: 40002, PeerRefusal: 40002, UserBlocked: oneBlocked, PeerBlocked: twoBlocked, Version: version,
	}
}

func TestStrangersInAGroupWriteToEachOther(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		n := 0
		step := func(what string, do func(), ofOne, ofTwo int32) {
			t.Helper()
			do()
			n++
			for user, want := range map[uint64]int32{1: ofOne, 2: ofTwo} {
				r := w.send(t, text(user, 3-user, fmt.Sprint(n), what))[0]
				if r.Code != want {
					t.Errorf("%s: user %d: %v", what, user, r)
				}
			}
		}
		rights := func(in *chat_rpc.SetRightsRequest) func() { return func() { w.rights(t, in) } }
		sender := func(in *chat_rpc.SetSenderRequest) func() { return func() { w.sender(t, in) } }
		in := func(members ...uint64) func() { return func() { w.groups.set(nil, members...) } }
		away := func() { w.groups.set(errs.Unavailable, 1, 2) }

		step("no group", in(), 40002, 40002)
		step("group_rpc is away", away, 10010, 10010)
		if ids, err := w.Conversations.Find(t.Context(), []model.Pair{{Low: 1, High: 2}}); err != nil || len(ids) != 0 {
			t.Errorf("a refused send makes %v, %v", ids, err)
		}
		step("one is blocked before they ever wrote", func() { w.rights(t, strangers(1, true, false)); w.groups.set(nil, 1, 2) }, 40003, 0)
		step("nobody is", rights(strangers(2, false, false)), 0, 0)
		step("both are blocked", rights(strangers(3, true, true)), 40003, 40003)
		step("both are, and the group is left", in(1), 40002, 40002)
		step("nobody is, and it is left", rights(strangers(4, false, false)), 40002, 40002)
		step("in it again, and one is curtailed", func() {
			w.groups.set(nil, 1, 2)
			w.sender(t, &chat_rpc.SetSenderRequest{UserId: 1, Refusal: 40004, Version: 1})
		}, 40004, 0)
		step("no more", sender(&chat_rpc.SetSenderRequest{UserId: 1, Version: 2}), 0, 0)
		step("group_rpc is away", away, 10010, 10010)
		step("they are friends, and it is away", rights(&chat_rpc.SetRightsRequest{UserId: 1, PeerId: 2, Version: 5}), 0, 0)
		if got := w.groups.calls(); got != 2 {
			t.Errorf("%d questions about friends", got-2)
		}
		step("one blocks a friend in the group", func() {
			w.groups.set(nil, 1, 2)
			w.rights(t, &chat_rpc.SetRightsRequest{UserId: 1, PeerId: 2, PeerRefusal: 40003, PeerBlocked: true, Version: 6})
		}, 0, 40003)
		step("friends no more", rights(strangers(7, false, false)), 0, 0)
		step("one is gone", sender(&chat_rpc.SetSenderRequest{UserId: 1, Refusal: 40004, Gone: true, Version: 3}), 40004, 40002)

		// What was said stays readable to both.
		for user := uint64(1); user <= 2; user++ {
			h, err := w.history(t, &wire.HistoryRequest{UserId: user, TargetId: 3 - user, Limit: 100})
			if err != nil || len(h.List) != 11 {
				t.Errorf("user %d reads %d, %v", user, len(h.List), err)
			}
		}
	})
}

// A batch has friends, strangers in a group, and others: each gets its own
// answer, and those of a conversation keep their order.
func TestEachOfABatchIsLetInByItself(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.friends(t, 1, 3)
		w.groups.set(nil, 1, 2, 4)
		var list []*wire.SendItem
		var want []int32
		add := func(from, to uint64, code int32) {
			list, want = append(list, text(from, to, fmt.Sprint("m", len(list)), "x")), append(want, code)
		}
		for range 3 {
			add(1, 2, 0)
			add(1, 3, 0)
			add(2, 1, 0)
			add(1, 5, 40002)
			add(4, 2, 0)
			add(3, 4, 40002)
			add(1, 1, 0)
			add(1, 0, 40002)
		}
		list = append(list, &wire.SendItem{UserId: 4, TargetId: 1, ClientMsgId: "bad", Msg: []byte(`{"type":1,"textMsg":{"content":""}}`)})
		want = append(want, 40006)
		got := w.send(t, list...)
		var seqs []uint64
		for n, r := range got {
			if r.Code != want[n] {
				t.Errorf("%d to %d: %v, want %d", list[n].UserId, list[n].TargetId, r, want[n])
			}
			if p := model.PairOf(list[n].UserId, list[n].TargetId); p == (model.Pair{Low: 1, High: 2}) {
				seqs = append(seqs, r.Message.GetSeq())
			}
		}
		if !slices.Equal(seqs, span(1, 6)) {
			t.Errorf("in the order %v", seqs)
		}
		// A repeat gets its first answer, whatever has become of the group.
		w.groups.set(errs.Unavailable)
		if r := w.send(t, list[0])[0]; r.Code != 0 || !r.Dup || r.Message.Id != got[0].Message.Id {
			t.Errorf("a repeat: %v", r)
		}
		if ids, err := w.Conversations.Find(t.Context(), []model.Pair{{Low: 1, High: 4}, {Low: 1, High: 5}, {Low: 3, High: 4}}); err != nil || len(ids) != 0 {
			t.Errorf("what was refused made %v, %v", ids, err)
		}
	})
}

func TestWhatGoesOnInATemporarySession(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.groups.set(nil, 1, 2)
		first := w.sent(t, text(1, 2, "a", "hello"))
		list := func(user uint64) []*wire.Conversation {
			r, err := w.Messages.Sessions(t.Context(), &wire.SessionsRequest{UserId: user})
			if err != nil {
				t.Fatal(err)
			}
			return r.List
		}
		if got := list(2); len(got) != 1 || got[0].TargetId != 1 || got[0].Type != wire.Private || got[0].Unread != 1 {
			t.Errorf("the list: %v", got)
		}
		react := func() int32 {
			r, err := w.Messages.Change(t.Context(), &wire.ChangeRequest{List: []*wire.Change{
				{UserId: 2, MsgId: first.Id, What: &wire.Change_React{React: &wire.React{Emoji: "👍", On: true}}},
			}})
			if err != nil {
				t.Fatal(err)
			}
			return r.List[0].Code
		}
		read := func(seq uint64) uint64 {
			if _, err := w.Messages.Read(t.Context(), &wire.ReadRequest{UserId: 2, TargetId: 1, ReadSeq: seq}); err != nil {
				t.Fatal(err)
			}
			return list(1)[0].PeerReadSeq
		}
		for _, c := range []struct {
			what string
			do   func()
			open bool
			code int32
		}{
			{"in the group", func() {}, true, 0},
			{"left", func() { w.groups.set(nil, 1) }, false, 40002},
			{"in again", func() { w.groups.set(nil, 1, 2) }, true, 0},
			{"nobody can tell", func() { w.groups.set(errs.Unavailable, 1, 2) }, false, 10010},
			{"blocked", func() { w.groups.set(nil, 1, 2); w.rights(t, strangers(1, true, false)) }, false, 0},
			{"no more", func() { w.rights(t, strangers(2, false, false)) }, true, 0},
		} {
			c.do()
			if got := react(); got != c.code {
				t.Errorf("%s: a reaction: %d", c.what, got)
			}
			heard, err := w.Messages.Hearers(t.Context(), &wire.SessionRequest{UserId: 1, TargetId: 2})
			if (err != nil) != (c.code == 10010) || (len(heard.GetUserIds()) == 1) != c.open {
				t.Errorf("%s: %v hear typing, %v", c.what, heard, err)
			}
			want := uint64(0)
			if c.open {
				want = 1
			}
			if got := read(1); got != want {
				t.Errorf("%s: read up to %d is told", c.what, got)
			}
		}
	})
}

// What a block makes is no conversation that anybody is told of.
func TestABlockOfAStrangerShowsNothing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.rights(t, strangers(1, true, false))
		for user := uint64(1); user <= 2; user++ {
			_, err := w.Messages.Session(t.Context(), &wire.SessionRequest{UserId: user, TargetId: 3 - user})
			if code(err) != 40001 {
				t.Errorf("user %d: %v", user, err)
			}
			r, err := w.Messages.Sessions(t.Context(), &wire.SessionsRequest{UserId: user})
			if err != nil || len(r.List) != 0 {
				t.Errorf("user %d lists %v, %v", user, r, err)
			}
		}
		if got := w.send(t, text(1, 2, "a", "x"))[0]; got.Code != 40002 {
			t.Errorf("a stranger is told of the block: %v", got)
		}
	})
}
