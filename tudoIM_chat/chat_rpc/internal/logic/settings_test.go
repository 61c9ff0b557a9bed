package logic

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tudoIM/common/wire"
	"tudoIM/core/db/dbtest"
	"tudoIM/tudoIM_chat/chat_rpc/internal/model"
)

func newWorldOnSQLite(t *testing.T) *world {
	t.Helper()
	return newWorld(t, dbtest.SQLite(t, model.Migration))
}

func (w *world) set(t *testing.T, in *wire.SetRequest) *wire.Conversation {
	t.Helper()
	c, err := w.Messages.Set(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func yes() *bool             { v := true; return &v }
func no() *bool              { v := false; return &v }
func words(s string) *string { return &s }
func ids(list []*wire.Message) (all []uint64) {
	for _, m := range list {
		all = append(all, m.Id)
	}
	return all
}

func TestSettingsAreOnesOwnAndTold(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.friends(t, 1, 2)
		w.say(t, 1, 2, 3)
		own, peer := w.listen(t, 2), w.listen(t, 1)
		for _, c := range []struct {
			name  string
			in    *wire.SetRequest
			event string
			data  string
			ok    func(c *wire.Conversation) bool
		}{
			{"top", &wire.SetRequest{IsTop: yes()}, "sessionUpdated", `{"conversationId":"p_1_2","isTop":true}`, func(c *wire.Conversation) bool { return c.IsTop }},
			{"top again", &wire.SetRequest{IsTop: yes()}, "sessionUpdated", `{"conversationId":"p_1_2","isTop":true}`, func(c *wire.Conversation) bool { return c.IsTop }},
			{"muted, with a draft", &wire.SetRequest{IsMuted: yes(), Draft: words("dr")}, "sessionUpdated", `{"conversationId":"p_1_2","isMuted":true,"draft":"dr"}`,
				func(c *wire.Conversation) bool { return c.IsTop && c.IsMuted && c.Draft == "dr" }},
			{"no draft", &wire.SetRequest{Draft: words("")}, "sessionUpdated", `{"conversationId":"p_1_2","draft":""}`, func(c *wire.Conversation) bool { return c.IsMuted && c.Draft == "" }},
			{"not top", &wire.SetRequest{IsTop: no(), IsMuted: no()}, "sessionUpdated", `{"conversationId":"p_1_2","isTop":false,"isMuted":false}`, func(c *wire.Conversation) bool { return !c.IsTop && !c.IsMuted }},
			{"hidden", &wire.SetRequest{IsHidden: yes()}, "sessionDeleted", `{"conversationId":"p_1_2","clearSeq":0,"isHidden":true,"maxSeq":3}`, func(c *wire.Conversation) bool { return c.IsHidden && c.Unread == 3 }},
			{"shown", &wire.SetRequest{IsHidden: no()}, "sessionUpdated", `{"conversationId":"p_1_2","isHidden":false}`, func(c *wire.Conversation) bool { return !c.IsHidden }},
			{"cleared", &wire.SetRequest{Clear: true}, "sessionDeleted", `{"conversationId":"p_1_2","clearSeq":3,"isHidden":false,"maxSeq":3}`, func(c *wire.Conversation) bool { return c.ClearSeq == 3 && c.Unread == 0 && c.Last == nil }},
			{"marked", &wire.SetRequest{IsUnread: yes()}, "sessionUpdated", `{"conversationId":"p_1_2","unread":1}`, func(c *wire.Conversation) bool { return c.Unread == 1 }},
		} {
			c.in.UserId, c.in.TargetId = 2, 1
			if got := w.set(t, c.in); !c.ok(got) {
				t.Errorf("%s: %v", c.name, got)
			}
			if e := hear(t, own); e.Name != c.event || !sameJSON(t, e.Data, c.data) {
				t.Errorf("%s: told %s %s", c.name, e.Name, e.Data)
			}
		}
		if r, err := w.Messages.Read(t.Context(), &wire.ReadRequest{UserId: 2, TargetId: 1, ReadSeq: 0}); err != nil || !r.Moved || r.Unread != 0 {
			t.Errorf("the mark is read away: %v, %v", r, err)
		}
		if other, err := w.Messages.Session(t.Context(), &wire.SessionRequest{UserId: 1, TargetId: 2}); err != nil || other.IsTop || other.ClearSeq != 0 || other.Last.GetSeq() != 3 {
			t.Errorf("the other's: %v, %v", other, err)
		}
		if len(own)+len(peer) > 0 {
			t.Error("more was told")
		}
		for name, in := range map[string]*wire.SetRequest{
			"a draft too long": {UserId: 2, TargetId: 1, Draft: words(strings.Repeat("字", 4001))},
			"not in it":        {UserId: 3, TargetId: 1, IsTop: yes()},
			"with nobody":      {UserId: 3, IsTop: yes()},
		} {
			if _, err := w.Messages.Set(t.Context(), in); code(err) == 0 {
				t.Errorf("%s: taken", name)
			}
		}
		w.set(t, &wire.SetRequest{UserId: 2, TargetId: 1, Draft: words(strings.Repeat("字", 4000))})
	})
}

func TestAHiddenConversationComesBack(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.friends(t, 1, 2)
		w.say(t, 1, 2, 1)
		list := func() int {
			r, err := w.Messages.Sessions(t.Context(), &wire.SessionsRequest{UserId: 2})
			if err != nil {
				t.Fatal(err)
			}
			return len(r.List)
		}
		w.set(t, &wire.SetRequest{UserId: 2, TargetId: 1, IsHidden: yes()})
		if n := list(); n != 0 {
			t.Errorf("hidden: %d", n)
		}
		if r, err := w.Messages.Unread(t.Context(), &wire.UnreadRequest{UserId: 2}); err != nil || r.TotalUnreadAll != 0 {
			t.Errorf("hidden, and counted: %v, %v", r, err)
		}
		w.send(t, text(1, 2, "new", "x"))
		if n := list(); n != 1 {
			t.Errorf("after a message: %d", n)
		}
		w.set(t, &wire.SetRequest{UserId: 2, TargetId: 1, Clear: true})
		if h, err := w.history(t, &wire.HistoryRequest{UserId: 2, TargetId: 1}); err != nil || len(h.List) != 0 || h.MinSeq != 0 {
			t.Errorf("cleared: %v, %v", h, err)
		}
		w.send(t, text(1, 2, "newer", "x"))
		if h, err := w.history(t, &wire.HistoryRequest{UserId: 2, TargetId: 1}); err != nil || len(h.List) != 1 || h.MinSeq != 3 {
			t.Errorf("after the clearing: %v, %v", h, err)
		}
		got, err := w.Messages.Get(t.Context(), &wire.GetRequest{UserId: 2, Ids: ids(w.all(t, 1, 2))})
		if err != nil || len(got.List) != 1 {
			t.Errorf("by number: %v, %v", got, err)
		}
	})
}

// all is what user sees with target.
func (w *world) all(t *testing.T, user, target uint64) []*wire.Message {
	t.Helper()
	h, err := w.history(t, &wire.HistoryRequest{UserId: user, TargetId: target, Limit: 200})
	if err != nil {
		t.Fatal(err)
	}
	return h.List
}

func TestDeletedForOneselfOnly(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.friends(t, 1, 2)
		w.friends(t, 2, 3)
		w.say(t, 1, 2, 5)
		w.say(t, 3, 2, 1)
		mine, other := w.all(t, 2, 1), w.all(t, 3, 2)
		own := w.listen(t, 2)
		remove := func(user uint64, ids ...uint64) int32 {
			r, err := w.Messages.Delete(t.Context(), &wire.DeleteRequest{UserId: user, Ids: ids})
			if err != nil {
				t.Fatal(err)
			}
			return r.Deleted
		}
		if n := remove(2, mine[4].Id, mine[1].Id, 1<<40); n != 2 {
			t.Errorf("deleted %d", n)
		}
		e := hear(t, own)
		if want := fmt.Sprintf(`{"conversationId":"p_1_2","idList":[%d,%d],"seqs":[2,5],"onlyMe":true}`, mine[1].Id, mine[4].Id); e.Name != "deleted" || !sameJSON(t, e.Data, want) {
			t.Errorf("told %s %s", e.Name, e.Data)
		}
		if n := remove(2, mine[1].Id); n != 0 {
			t.Errorf("again: %d", n)
		}
		if n := remove(1, other[0].Id); n != 0 {
			t.Errorf("of a stranger: %d", n)
		}
		if got := seqs(w.all(t, 2, 1)); !slices.Equal(got, []uint64{1, 3, 4}) {
			t.Errorf("history of who deleted: %v", got)
		}
		if got := seqs(w.all(t, 1, 2)); !slices.Equal(got, span(1, 5)) {
			t.Errorf("history of the other: %v", got)
		}
		i := w.sync(t, 2, 2, &wire.SyncPoint{TargetId: 1})[0]
		if !slices.Equal(seqs(i.Messages), []uint64{1, 3}) || !i.HasMore || i.NextSeq != 3 {
			t.Errorf("sync: %v, next %d", seqs(i.Messages), i.NextSeq)
		}
		i = w.sync(t, 2, 2, &wire.SyncPoint{TargetId: 1, Seq: 3})[0]
		if !slices.Equal(seqs(i.Messages), []uint64{4}) || i.HasMore || i.NextSeq != 5 {
			t.Errorf("sync: %v, next %d", seqs(i.Messages), i.NextSeq)
		}
		c, err := w.Messages.Session(t.Context(), &wire.SessionRequest{UserId: 2, TargetId: 1})
		if err != nil || c.Last.GetSeq() != 4 || c.MaxSeq != 5 {
			t.Errorf("conversation: %v, %v", c, err)
		}
	})
}

func TestChangesTellADeviceWhatMoved(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		for peer := uint64(2); peer < 6; peer++ {
			w.friends(t, 1, peer)
			w.say(t, peer, 1, 1)
		}
		changes := func(since int64) (*wire.ChangesResponse, error) {
			return w.Messages.Changes(t.Context(), &wire.ChangesRequest{UserId: 1, Since: since})
		}
		first, err := changes(0)
		if err != nil || len(first.List) != 4 || first.Now == 0 || first.List[0].Last == nil {
			t.Fatalf("snapshot: %v, %v", first, err)
		}
		// Long ago, for the database's clock would have to be waited for.
		if err := w.DB.Exec("UPDATE conversation_models SET active_at = 1000").Error; err != nil {
			t.Fatal(err)
		}
		for name, change := range map[string]func() uint64{
			"a message": func() uint64 { w.send(t, text(2, 1, "new", "x")); return 2 },
			"a change":  func() uint64 { w.change(t, 3, w.all(t, 3, 1)[0].Id, recall("")); return 3 },
			"a setting": func() uint64 { w.set(t, &wire.SetRequest{UserId: 1, TargetId: 4, IsTop: yes()}); return 4 },
			"a read mark": func() uint64 {
				if r, err := w.Messages.Read(t.Context(), &wire.ReadRequest{UserId: 1, TargetId: 5, ReadSeq: 1}); err != nil || !r.Moved {
					t.Errorf("%v, %v", r, err)
				}
				return 5
			},
		} {
			peer := change()
			r, err := changes(first.Now)
			if err != nil || len(r.List) != 1 || r.List[0].TargetId != peer || r.Now < first.Now {
				t.Errorf("%s: %v, %v", name, r, err)
			}
			for _, statement := range []string{"UPDATE conversation_models SET active_at = 1000", "UPDATE user_conversation_models SET updated_at = 1000"} {
				if err := w.DB.Exec(statement).Error; err != nil {
					t.Fatal(err)
				}
			}
		}
		m := w.all(t, 1, 2)[1]
		if _, err := w.Messages.Delete(t.Context(), &wire.DeleteRequest{UserId: 1, Ids: []uint64{m.Id}}); err != nil {
			t.Fatal(err)
		}
		r, err := changes(first.Now)
		if err != nil || len(r.Deleted) != 1 || r.Deleted[0].TargetId != 2 || !slices.Equal(r.Deleted[0].Seqs, []uint64{m.Seq}) {
			t.Errorf("deleted: %v, %v", r, err)
		}
		for name, since := range map[string]int64{"of the future": time.Now().Add(time.Hour).UnixMilli(), "before all time": 1} {
			if _, err := changes(since); code(err) != 40016 {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestTheSystemIsHeardAndNotAnswered(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		notice := &wire.SendItem{TargetId: 7, ClientMsgId: "n", Msg: []byte(`{"type":1,"textMsg":{"content":"maintenance"}}`)}
		for _, dup := range []bool{false, true} {
			if r := w.send(t, notice)[0]; r.Code != 0 || r.Dup != dup || r.Message.ConversationID() != "s_7" {
				t.Errorf("%v", r)
			}
		}
		r, err := w.Messages.Sessions(t.Context(), &wire.SessionsRequest{UserId: 7})
		if err != nil || len(r.List) != 1 || r.List[0].Type != wire.System || r.List[0].ID(7) != "s_7" || r.List[0].Unread != 1 {
			t.Errorf("%v, %v", r, err)
		}
		if h, err := w.history(t, &wire.HistoryRequest{UserId: 7}); err != nil || len(h.List) != 1 {
			t.Errorf("%v, %v", h, err)
		}
		if h, err := w.history(t, &wire.HistoryRequest{UserId: 8}); code(err) != 40001 {
			t.Errorf("another's: %v, %v", h, err)
		}
		if r := w.send(t, text(7, 0, "a", "x"))[0]; r.Code == 0 {
			t.Errorf("an answer: %v", r)
		}
		for _, c := range []*wire.Change{recall(""), wipe(), pin(true), react("👍", true)} {
			if got := w.change(t, 7, w.all(t, 7, 0)[0].Id, c); got.Code == 0 {
				t.Errorf("%v: %v", c, got)
			}
		}
	})
}

func TestSendingTakesTheMarkAway(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.friends(t, 1, 2)
		w.say(t, 1, 2, 1)
		unread := func() uint64 {
			c, err := w.Messages.Session(t.Context(), &wire.SessionRequest{UserId: 1, TargetId: 2})
			if err != nil {
				t.Fatal(err)
			}
			return c.Unread
		}
		if w.set(t, &wire.SetRequest{UserId: 1, TargetId: 2, IsUnread: yes()}); unread() != 1 {
			t.Error("marked, and read")
		}
		if w.send(t, text(1, 2, "answer", "x")); unread() != 0 {
			t.Error("sending is reading")
		}
		w.set(t, &wire.SetRequest{UserId: 1, TargetId: 2, IsUnread: yes()})
		if w.set(t, &wire.SetRequest{UserId: 1, TargetId: 2, IsUnread: no()}); unread() != 0 {
			t.Error("the mark was taken away")
		}
		w.set(t, &wire.SetRequest{UserId: 1, TargetId: 2, IsUnread: yes()})
		if w.send(t, text(2, 1, "a", "x"), text(2, 1, "b", "x")); unread() != 2 {
			t.Errorf("unread messages count, not the mark: %d", unread())
		}
	})
}
