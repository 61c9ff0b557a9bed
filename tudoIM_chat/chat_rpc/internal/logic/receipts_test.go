package logic

import (
	"slices"
	"testing"

	"tudoIM/common/event"
	"tudoIM/common/wire"
	"tudoIM/tudoIM_chat/chat_rpc/types/chat_rpc"
)

// peerRead is how far user is told, in every way there is, that peer has read.
func (w *world) peerRead(t *testing.T, user, peer uint64) []uint64 {
	t.Helper()
	one, err := w.Messages.Session(t.Context(), &wire.SessionRequest{UserId: user, TargetId: peer})
	if err != nil {
		t.Fatal(err)
	}
	list, err := w.Messages.Sessions(t.Context(), &wire.SessionsRequest{UserId: user})
	if err != nil || len(list.List) != 1 {
		t.Fatalf("%v, %v", list, err)
	}
	snapshot, err := w.Messages.Changes(t.Context(), &wire.ChangesRequest{UserId: user})
	if err != nil || len(snapshot.List) != 1 {
		t.Fatalf("%v, %v", snapshot, err)
	}
	changed, err := w.Messages.Changes(t.Context(), &wire.ChangesRequest{UserId: user, Since: snapshot.Now})
	if err != nil || len(changed.List) != 1 {
		t.Fatalf("%v, %v", changed, err)
	}
	synced := w.sync(t, user, 1, &wire.SyncPoint{TargetId: peer})[0].Conversation
	return []uint64{one.PeerReadSeq, list.List[0].PeerReadSeq, snapshot.List[0].PeerReadSeq, changed.List[0].PeerReadSeq, synced.PeerReadSeq}
}

// hearers is who hears that user types to peer.
func (w *world) hearers(t *testing.T, user, peer uint64) []uint64 {
	t.Helper()
	r, err := w.Messages.Hearers(t.Context(), &wire.SessionRequest{UserId: user, TargetId: peer})
	if err != nil {
		t.Fatal(err)
	}
	return r.UserIds
}

// Who may not write is not heard typing either, nor is who blocks.
func TestTypingIsHeardWhereBothMayWrite(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.friends(t, 1, 2)
		for n, c := range []struct {
			name         string
			ofOne, ofTwo int32
			heard        bool
		}{
			{"friends", 0, 0, true},
			{"two blocks one", 40003, 0, false},
			{"one blocks two", 0, 40003, false},
			{"friends no more", 40002, 40002, false},
			{"friends again", 0, 0, true},
		} {
			w.rights(t, &chat_rpc.SetRightsRequest{UserId: 1, PeerId: 2, UserRefusal: c.ofOne, PeerRefusal: c.ofTwo, Version: uint64(n) + 2})
			for user, peer := range map[uint64]uint64{1: 2, 2: 1} {
				if got := w.hearers(t, user, peer); slices.Equal(got, []uint64{peer}) != c.heard || len(got) > 1 {
					t.Errorf("%s: %v hear that %d types", c.name, got, user)
				}
			}
		}
		w.send(t, text(1, 1, "note", "x"))
		w.send(t, &wire.SendItem{TargetId: 1, ClientMsgId: "n", Msg: []byte(`{"type":1,"textMsg":{"content":"maintenance"}}`)})
		for name, peer := range map[string]uint64{"oneself": 1, "a stranger": 3, "the system": 0} {
			if got := w.hearers(t, 1, peer); len(got) != 0 {
				t.Errorf("%s: %v", name, got)
			}
		}
	})
}

// mark is heard behind all that user was told before.
func (w *world) mark(t *testing.T, user uint64) {
	t.Helper()
	e, err := event.New("mark", nil, user)
	if err == nil {
		err = w.Bus.Publish(t.Context(), e)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestReceiptsGoWhereBothWantThemAndMayWrite(t *testing.T) {
	t.Parallel()
	sender := func(user, version uint64, none bool) func(t *testing.T, w *world) {
		return func(t *testing.T, w *world) {
			w.sender(t, &chat_rpc.SetSenderRequest{UserId: user, NoReceipts: none, Version: version})
		}
	}
	rights := func(version uint64, ofOne, ofTwo int32) func(t *testing.T, w *world) {
		return func(t *testing.T, w *world) {
			w.rights(t, &chat_rpc.SetRightsRequest{UserId: 1, PeerId: 2, UserRefusal: ofOne, PeerRefusal: ofTwo, Version: version})
		}
	}
	each(t, func(t *testing.T, w *world) {
		w.friends(t, 1, 2)
		w.say(t, 1, 2, 12)
		sent, heard := w.all(t, 1, 2), w.listen(t, 1)
		for n, c := range []struct {
			name string
			do   func(t *testing.T, w *world)
			told bool
		}{
			{"nothing was said", func(*testing.T, *world) {}, true},
			{"who reads wants none", sender(2, 2, true), false},
			{"an old word of it", sender(2, 1, false), false},
			{"who reads wants them again", sender(2, 3, false), true},
			{"who is read wants none", sender(1, 1, true), false},
			{"nor does who reads", sender(2, 4, true), false},
			{"both want them", func(t *testing.T, w *world) { sender(1, 2, false)(t, w); sender(2, 5, false)(t, w) }, true},
			{"who reads blocks", rights(2, 40003, 0), false},
			{"who is read blocks", rights(3, 0, 40003), false},
			{"nobody blocks", rights(4, 0, 0), true},
			{"they are friends no more", rights(5, 40002, 40002), false},
			{"they are friends again", rights(6, 0, 0), true},
		} {
			c.do(t, w)
			seq := uint64(n) + 1
			r, err := w.Messages.Read(t.Context(), &wire.ReadRequest{UserId: 2, TargetId: 1, ReadSeq: seq})
			if err != nil || !r.Moved || r.ReadSeq != seq || r.Unread != 12-seq {
				t.Errorf("%s: the reader's own: %v, %v", c.name, r, err)
			}
			w.mark(t, 1)
			want, next, readers := []uint64{0, 0, 0, 0, 0}, "mark", []uint64(nil)
			if c.told {
				want, next, readers = []uint64{seq, seq, seq, seq, seq}, event.Read, []uint64{2}
			}
			e := hear(t, heard)
			if e.Name != next {
				t.Errorf("%s: heard %s, want %s", c.name, e.Name, next)
			}
			if e.Name != "mark" {
				hear(t, heard)
			}
			if got := w.peerRead(t, 1, 2); !slices.Equal(got, want) {
				t.Errorf("%s: told of %v, want %v", c.name, got, want)
			}
			if got := w.peerRead(t, 2, 1); (got[0] != 0) != c.told { // who sends has read
				t.Errorf("%s: the reader is told of %v", c.name, got)
			}
			all, err := w.Messages.Readers(t.Context(), &wire.MessageRequest{UserId: 1, MsgId: sent[n].Id})
			if err != nil || !slices.Equal(all.Read, readers) || len(all.Unread) != 0 {
				t.Errorf("%s: readers %v, %v", c.name, all, err)
			}
		}
	})
}
