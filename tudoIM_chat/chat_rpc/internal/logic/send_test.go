package logic

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"tudoIM/common/wire"
	"tudoIM/tudoIM_chat/chat_rpc/types/chat_rpc"
)

func TestOldRightsNeverWin(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		for _, c := range []struct {
			name            string
			user, peer      uint64
			refuses, refuse int32 // user, peer
			version         uint64
			low, high       int32 // what 1 and 2 get afterwards
		}{
			{"the pair is unknown", 0, 0, 0, 0, 0, 40002, 40002},
			{"friends", 1, 2, 0, 0, 5, 0, 0},
			{"an old one comes late", 1, 2, 40003, 40003, 4, 0, 0},
			{"the same one comes again", 1, 2, 40003, 40003, 5, 0, 0},
			{"the low one is blocked", 1, 2, 40003, 0, 6, 40003, 0},
			{"told from the other side", 2, 1, 40002, 0, 7, 0, 40002},
			{"friends again", 2, 1, 0, 0, 8, 0, 0},
		} {
			if c.user != 0 {
				w.rights(t, &chat_rpc.SetRightsRequest{
					UserId: c.user, PeerId: c.peer, UserRefusal: c.refuses, PeerRefusal: c.refuse, Version: c.version,
				})
			}
			got := w.send(t, text(1, 2, c.name, "x"), text(2, 1, c.name, "x"))
			if got[0].Code != c.low || got[1].Code != c.high {
				t.Errorf("%s: %d and %d, want %d and %d", c.name, got[0].Code, got[1].Code, c.low, c.high)
			}
		}
		for _, c := range []struct{ user, peer uint64 }{{0, 2}, {1, 0}, {3, 3}, {1, math.MaxUint64}} {
			_, err := NewSetRightsLogic(t.Context(), w.ServiceContext).SetRights(&chat_rpc.SetRightsRequest{UserId: c.user, PeerId: c.peer, Version: 1})
			if code(err) != 10001 {
				t.Errorf("rights of %d and %d: %v", c.user, c.peer, err)
			}
		}
	})
}

func TestEachItemOfABatchIsAnsweredOnItsOwn(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.friends(t, 1, 2)
		w.friends(t, 1, 3)
		w.rights(t, &chat_rpc.SetRightsRequest{UserId: 1, PeerId: 4, UserRefusal: 40003, Version: 1})
		long := strings.Repeat("i", 64)
		raw := func(client, body string) *wire.SendItem {
			return &wire.SendItem{UserId: 1, TargetId: 2, ClientMsgId: client, Msg: []byte(body)}
		}
		cases := []struct {
			name string
			item *wire.SendItem
			code int32
			seq  uint64
			dup  bool
		}{
			{"good", text(1, 2, "a", "x"), 0, 1, false},
			{"no client id", text(1, 2, "", "x"), 10001, 0, false},
			{"client id at the limit", text(1, 2, long, "x"), 0, 2, false},
			{"client id past the limit", text(1, 2, long+"i", "x"), 10001, 0, false},
			{"client id not text", text(1, 2, "\xff", "x"), 10001, 0, false},
			{"to nobody", text(1, 0, "b", "x"), 40002, 0, false},
			{"to a number no user has", text(1, math.MaxUint64, "b", "x"), 40002, 0, false},
			{"to one above the signed numbers", text(1, 1<<63, "b", "x"), 40002, 0, false},
			{"to a stranger", text(1, 9, "b", "x"), 40002, 0, false},
			{"to who blocks me", text(1, 4, "b", "x"), 40003, 0, false},
			{"another conversation", text(1, 3, "a", "x"), 0, 1, false},
			{"the other direction, same client id", text(2, 1, "a", "x"), 0, 3, false},
			{"a client id is its bytes", text(1, 2, "A", "x"), 0, 4, false},
			{"a repeat in the batch", text(1, 2, "a", "other"), 0, 1, true},
			{"empty text", text(1, 2, "c", " \u200b\n"), 40006, 0, false},
			{"text at the limit", text(1, 2, "d", strings.Repeat("字", 4000)), 0, 5, false},
			{"text past the limit", text(1, 2, "e", strings.Repeat("字", 4001)), 40006, 0, false},
			{"no body", raw("f", ``), 40005, 0, false},
			{"null", raw("f", `null`), 40005, 0, false},
			{"a list", raw("f", `[]`), 40005, 0, false},
			{"type without its part", raw("f", `{"type":1}`), 40005, 0, false},
			{"part null", raw("f", `{"type":1,"textMsg":null}`), 40005, 0, false},
			{"type of the server", raw("f", `{"type":8,"withdrawMsg":{}}`), 40005, 0, false},
			{"unknown type", raw("f", `{"type":99}`), 40005, 0, false},
			{"notes to self", text(7, 7, "a", "x"), 0, 1, false},
		}
		var batch []*wire.SendItem
		for _, c := range cases {
			batch = append(batch, c.item)
		}
		for n, got := range w.send(t, batch...) {
			c := cases[n]
			if got.Code != c.code || got.Dup != c.dup || got.GetMessage().GetSeq() != c.seq {
				t.Errorf("%s: code %d, seq %d, dup %v", c.name, got.Code, got.GetMessage().GetSeq(), got.Dup)
			}
			if c.code != 0 {
				continue
			}
			if m := got.Message; m.SendUserId != c.item.UserId || m.TargetId != c.item.TargetId ||
				m.ClientMsgId != c.item.ClientMsgId || m.Id == 0 || m.CreatedAt == 0 || m.MsgType != 1 || (!c.dup && m.Ver != c.seq) {
				t.Errorf("%s: message %v", c.name, m)
			}
		}
		got := w.send(t, text(1, 2, "a", "again, after the commit"))[0]
		if !got.Dup || got.Message.Seq != 1 || got.Message.MsgPreview != "x" || len(got.Message.Msg) > 0 {
			t.Errorf("a repeat: %v", got)
		}
		r, err := w.history(t, &wire.HistoryRequest{UserId: 2, TargetId: 1})
		if err != nil || len(r.List) != 5 {
			t.Errorf("stored %d, %v", len(r.GetList()), err)
		}
	})
}

func TestABatchIsBounded(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.friends(t, 1, 2)
		batch := make([]*wire.SendItem, 257)
		for n := range batch {
			batch[n] = text(1, 2, fmt.Sprint(n), "x")
		}
		if _, err := w.Messages.Send(t.Context(), &wire.SendRequest{List: batch}); code(err) != 10001 {
			t.Fatalf("257 items: %v", err)
		}
		for n, got := range w.send(t, batch[:256]...) {
			if got.Code != 0 || got.Message.Seq != uint64(n)+1 {
				t.Fatalf("item %d of 256: %v", n, got)
			}
		}
		if got := w.send(t); len(got) != 0 {
			t.Errorf("an empty batch: %v", got)
		}
	})
}

func TestReadMovesForwardOnlyAndIsTold(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.friends(t, 1, 2)
		w.friends(t, 2, 3)
		w.say(t, 1, 2, 5)
		w.say(t, 3, 2, 2)
		own, peer := w.listen(t, 2), w.listen(t, 1)
		for _, c := range []struct {
			name            string
			user, peer, seq uint64
			code            int
			read, here      uint64
			moved           bool
		}{
			{"nothing yet", 2, 1, 0, 0, 0, 5, false},
			{"forward", 2, 1, 3, 0, 3, 2, true},
			{"the same", 2, 1, 3, 0, 3, 2, false},
			{"back", 2, 1, 1, 0, 3, 2, false},
			{"beyond", 2, 1, 6, 40015, 0, 0, false},
			{"far beyond", 2, 1, math.MaxUint64, 40015, 0, 0, false},
			{"who sent has read", 1, 2, 2, 0, 5, 0, false},
			{"the last", 2, 1, 5, 0, 5, 0, true},
			{"not in it", 1, 3, 1, 40001, 0, 0, false},
			{"nobody", 1, 0, 1, 40001, 0, 0, false},
			{"a number no user has", 1, math.MaxUint64, 1, 40001, 0, 0, false},
		} {
			r, err := w.Messages.Read(t.Context(), &wire.ReadRequest{UserId: c.user, TargetId: c.peer, ReadSeq: c.seq})
			if code(err) != c.code || r.GetReadSeq() != c.read || r.GetUnread() != c.here || r.GetMoved() != c.moved {
				t.Errorf("%s: %v, %v", c.name, r, err)
			}
			if !c.moved {
				continue
			}
			e := hear(t, peer)
			if want := fmt.Sprintf(`{"conversationId":"p_1_2","userId":2,"readSeq":%d}`, c.read); e.Name != "read" || !sameJSON(t, e.Data, want) {
				t.Errorf("%s: the peer hears %s %s", c.name, e.Name, e.Data)
			}
		}
		if len(own)+len(peer) > 0 {
			t.Error("more was told than was read")
		}
		if r, err := w.Messages.Unread(t.Context(), &wire.UnreadRequest{UserId: 2}); err != nil || r.TotalUnread != 2 {
			t.Errorf("in all: %v, %v", r, err)
		}
	})
}

func sameJSON(t *testing.T, a []byte, b string) bool {
	t.Helper()
	var x, y map[string]any
	if err := json.Unmarshal(a, &x); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(b), &y); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(x) == fmt.Sprint(y)
}
