package logic

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"tudoIM/common/ctype"
	"tudoIM/common/errs"
	"tudoIM/common/event"
	"tudoIM/common/wire"
	"tudoIM/tudoIM_chat/chat_rpc/internal/model"
	"tudoIM/tudoIM_chat/chat_rpc/types/chat_rpc"
)

// change makes c, whose user and message are filled in, and returns its result.
func (w *world) change(t *testing.T, user, id uint64, c *wire.Change) *wire.SendResult {
	t.Helper()
	c.UserId, c.MsgId = user, id
	r, err := w.Messages.Change(t.Context(), &wire.ChangeRequest{List: []*wire.Change{c}})
	if err != nil {
		t.Fatal(err)
	}
	return r.List[0]
}

func recall(words string) *wire.Change { return &wire.Change{What: &wire.Change_Recall{Recall: words}} }
func wipe() *wire.Change               { return &wire.Change{What: &wire.Change_Delete{Delete: true}} }
func pin(on bool) *wire.Change         { return &wire.Change{What: &wire.Change_Pin{Pin: on}} }

func edit(body string) *wire.Change {
	return &wire.Change{What: &wire.Change_Edit{Edit: []byte(body)}}
}

func react(emoji string, on bool) *wire.Change {
	return &wire.Change{What: &wire.Change_React{React: &wire.React{Emoji: emoji, On: on}}}
}

// body sends any body from 1 to 2 and returns what is stored.
func (w *world) body(t *testing.T, client, body string) *wire.Message {
	t.Helper()
	r := w.send(t, &wire.SendItem{UserId: 1, TargetId: 2, ClientMsgId: client, Msg: []byte(body)})[0]
	if r.Code != 0 {
		t.Fatalf("%s: %v", body, r)
	}
	return r.Message
}

// aged makes the message id older.
func (w *world) aged(t *testing.T, id uint64, by time.Duration) {
	t.Helper()
	if err := w.DB.Exec("UPDATE chat_models SET created_at = created_at - ? WHERE id = ?", by.Milliseconds(), id).Error; err != nil {
		t.Fatal(err)
	}
}

func TestWindowsOfChanges(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.friends(t, 1, 2)
		plain := `{"type":1,"textMsg":{"content":"secret"}}`
		for n, c := range []struct {
			name   string
			body   string
			age    time.Duration
			user   uint64
			change *wire.Change
			code   int32
			data   string
		}{
			{"recalled in time", plain, 119 * time.Second, 1, recall("gone"), 0, ""},
			{"recalled too late", plain, 121 * time.Second, 1, recall("gone"), 40013, "120"},
			{"recalled by the other", plain, 0, 2, recall("gone"), 40012, ""},
			{"recalled by a stranger", plain, 0, 3, recall("gone"), 40011, ""},
			{"deleted for both in time", plain, 119 * time.Second, 1, wipe(), 0, ""},
			{"deleted for both too late", plain, 121 * time.Second, 1, wipe(), 40014, ""},
			{"deleted for both by the other", plain, 0, 2, wipe(), 40014, ""},
			{"deleted for both by a stranger", plain, 0, 3, wipe(), 40011, ""},
			{"edited in time", plain, 899 * time.Second, 1, edit(`{"type":1,"textMsg":{"content":"new"}}`), 0, ""},
			{"edited too late", plain, 901 * time.Second, 1, edit(`{"type":1,"textMsg":{"content":"new"}}`), 40013, "900"},
			{"edited by the other", plain, 0, 2, edit(`{"type":1,"textMsg":{"content":"new"}}`), 40012, ""},
			{"edited into nothing", plain, 0, 1, edit(`{"type":1,"textMsg":{"content":" "}}`), 40006, ""},
			{"edited into another type", plain, 0, 1, edit(`{"type":16,"markdownMsg":{"content":"x"}}`), 40017, ""},
			{"edited into no body", plain, 0, 1, edit(`{}`), 40005, ""},
			{"markdown edited", `{"type":16,"markdownMsg":{"content":"*a*"}}`, 0, 1, edit(`{"type":16,"markdownMsg":{"content":"*b*"}}`), 0, ""},
			{"a place edited", `{"type":13,"locationMsg":{"title":"a","address":"b","lat":1,"lng":2}}`, 0, 1, edit(`{"type":1,"textMsg":{"content":"x"}}`), 40017, ""},
			{"no change at all", plain, 0, 1, &wire.Change{}, 10001, ""},
			{"no emoji", plain, 0, 1, react("x", true), 40018, ""},
			{"two emojis", plain, 0, 1, react("👍👍", true), 40018, ""},
			{"an emoji of a stranger", plain, 0, 3, react("👍", true), 40011, ""},
			{"pinned by the other", plain, 0, 2, pin(true), 0, ""},
			{"pinned by a stranger", plain, 0, 3, pin(true), 40011, ""},
		} {
			m := w.body(t, fmt.Sprint(n), c.body)
			w.aged(t, m.Id, c.age)
			got := w.change(t, c.user, m.Id, c.change)
			if got.Code != c.code || got.Data["windowSeconds"] != c.data {
				t.Errorf("%s: %v", c.name, got)
			}
			if got.Code == 0 && (got.Message.Seq != m.Seq || got.Message.Ver <= m.Ver) {
				t.Errorf("%s: seq %d, ver %d after %d", c.name, got.Message.Seq, got.Message.Ver, m.Ver)
			}
		}
		if got := w.change(t, 1, 1<<40, recall("")); got.Code != 40011 {
			t.Errorf("no message: %v", got)
		}
		w.site.RecallWindow = time.Hour // the operator changes his mind
		m := w.body(t, "hour", plain)
		w.aged(t, m.Id, 59*time.Minute)
		if got := w.change(t, 1, m.Id, recall("")); got.Code != 0 {
			t.Errorf("in the longer window: %v", got)
		}
	})
}

func TestWhatIsTakenBackIsNowhere(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.friends(t, 1, 2)
		recalled := w.body(t, "a", `{"type":1,"textMsg":{"content":"secret one"}}`)
		wiped := w.body(t, "b", `{"type":1,"textMsg":{"content":"secret two"}}`)
		reply := w.body(t, "c", fmt.Sprintf(`{"type":9,"replyMsg":{"msgId":%d,"content":"an answer"}}`, recalled.Id))
		quote := w.body(t, "d", fmt.Sprintf(`{"type":10,"quoteMsg":{"msgId":%d,"content":"a comment","part":"secret"}}`, wiped.Id))
		if !strings.Contains(string(reply.Msg), "secret one") || !strings.Contains(string(quote.Msg), `"part":"secret"`) {
			t.Fatalf("%s %s", reply.Msg, quote.Msg)
		}
		heard := w.listen(t, 2)
		for _, c := range []*wire.SendResult{
			w.change(t, 2, recalled.Id, react("👍", true)), w.change(t, 1, recalled.Id, pin(true)),
			w.change(t, 1, recalled.Id, recall("took it back")), w.change(t, 1, wiped.Id, wipe()),
		} {
			if c.Code != 0 || c.Dup {
				t.Fatal(c)
			}
		}
		for _, c := range []struct {
			name   string
			result *wire.SendResult
			code   int32
			dup    bool
		}{
			{"recalled again", w.change(t, 1, recalled.Id, recall("other")), 0, true},
			{"wiped again", w.change(t, 1, wiped.Id, wipe()), 0, true},
			{"recalled after being wiped", w.change(t, 1, wiped.Id, recall("")), 40011, false},
			{"edited after the recall", w.change(t, 1, recalled.Id, edit(`{"type":1,"textMsg":{"content":"x"}}`)), 40011, false},
			{"an emoji after the recall", w.change(t, 2, recalled.Id, react("👍", true)), 40011, false},
			{"pinned after the recall", w.change(t, 2, recalled.Id, pin(true)), 40011, false},
			{"sent again", w.send(t, text(1, 2, "a", "secret one"))[0], 0, true},
			{"a reply to it", w.send(t, &wire.SendItem{UserId: 2, TargetId: 1, ClientMsgId: "r",
				Msg: fmt.Appendf(nil, `{"type":9,"replyMsg":{"msgId":%d,"content":"x"}}`, recalled.Id)})[0], 40007, false},
		} {
			if c.result.Code != c.code || c.result.Dup != c.dup {
				t.Errorf("%s: %v", c.name, c.result)
			}
		}
		var shown []*wire.Message
		for _, user := range []uint64{1, 2} {
			h, err := w.history(t, &wire.HistoryRequest{UserId: user, TargetId: 3 - user})
			if err != nil || len(h.List) != 4 {
				t.Fatalf("%v, %v", h, err)
			}
			s := w.sync(t, user, 0, &wire.SyncPoint{TargetId: 3 - user, Seq: 4, Ver: 4})
			list, err := w.Messages.Sessions(t.Context(), &wire.SessionsRequest{UserId: user})
			if err != nil {
				t.Fatal(err)
			}
			got, err := w.Messages.Get(t.Context(), &wire.GetRequest{UserId: user, Ids: []uint64{recalled.Id, wiped.Id, reply.Id}})
			if err != nil {
				t.Fatal(err)
			}
			pins, err := w.Messages.Pins(t.Context(), &wire.SessionRequest{UserId: user, TargetId: 3 - user})
			if err != nil || len(pins.List) != 0 {
				t.Errorf("pins %v, %v", pins, err)
			}
			shown = append(append(append(append(shown, h.List...), s[0].Changed...), got.List...), list.List[0].Last)
			if m := h.List[0]; m.Status != 1 || m.Seq != 1 || len(m.Reactions) > 0 || m.PinnedAt != 0 || !strings.Contains(string(m.Msg), "took it back") {
				t.Errorf("recalled: %v", m)
			}
			if m := h.List[1]; m.Status != 4 || m.Seq != 2 {
				t.Errorf("wiped: %v", m)
			}
			if m := h.List[2]; !strings.Contains(string(m.Msg), `"status":1`) || !strings.Contains(string(m.Msg), "an answer") {
				t.Errorf("the reply: %s", m.Msg)
			}
		}
		for _, m := range shown {
			if strings.Contains(fmt.Sprint(m), "secret") || strings.Contains(string(m.Msg), "secret") {
				t.Errorf("still shown: %v", m)
			}
		}
		var left int64
		if err := w.DB.Model(&model.ChatModel{}).Where("id IN ? AND (msg LIKE ? OR msg_preview LIKE ?)", []uint64{recalled.Id, wiped.Id}, "%secret%", "%secret%").Count(&left).Error; err != nil || left != 0 {
			t.Errorf("%d rows still say it, %v", left, err)
		}
		for n, want := range []string{"reaction", "pinned", "recalled", "deleted"} {
			e := hear(t, heard)
			var data struct {
				MsgID, Seq, Ver, UserID uint64
				ConversationID          string
				Msg                     json.RawMessage
				IDList                  []uint64
			}
			if err := json.Unmarshal(e.Data, &data); err != nil || e.Name != want || data.ConversationID != "p_1_2" || data.Ver != uint64(5+n) || strings.Contains(string(e.Data), "secret") {
				t.Errorf("event %s %s, want %s", e.Name, e.Data, want)
			}
		}
	})
}

func TestReactionsAreCountedAndBounded(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.friends(t, 1, 2)
		m := w.body(t, "a", `{"type":1,"textMsg":{"content":"x"}}`)
		say := func(user uint64, emoji string, on bool) string {
			r := w.change(t, user, m.Id, react(emoji, on))
			if r.Code != 0 {
				return fmt.Sprint("code ", r.Code)
			}
			out := fmt.Sprint("dup ", r.Dup)
			for _, x := range r.Message.Reactions {
				out += fmt.Sprintf(" %s%d%v", x.Emoji, x.Count, x.UserIds)
			}
			return out
		}
		for _, c := range []struct {
			user  uint64
			emoji string
			on    bool
			want  string
		}{
			{1, "👍", true, "dup false 👍1[1]"},
			{1, "👍", true, "dup true 👍1[1]"},
			{2, "❤️", true, "dup false 👍1[1] ❤️1[2]"},
			{2, "❤", true, "dup true 👍1[1] ❤️1[2]"}, // the same one in another spelling
			{2, "👍", true, "dup false 👍2[1 2] ❤️1[2]"},
			{1, "👍", false, "dup false ❤️1[2] 👍1[2]"},
			{1, "👍", false, "dup true ❤️1[2] 👍1[2]"},
			{2, "👍", false, "dup false ❤️1[2]"},
			{2, "❤️", false, "dup false"},
		} {
			if got := say(c.user, c.emoji, c.on); got != c.want {
				t.Errorf("%d %s %v: %s, want %s", c.user, c.emoji, c.on, got, c.want)
			}
		}
		kinds := []rune("😀😁😂😃😄😅😆😇😈😉😊😋😌😍😎😏😐😑😒😓😔")
		for n, r := range kinds {
			got := say(1, string(r), true)
			if full := n >= 20; full != (got == "code 40019") {
				t.Fatalf("kind %d: %s", n+1, got)
			}
		}
		if got := say(2, "😀", true); strings.HasPrefix(got, "code") {
			t.Errorf("one more of a kind that is there: %s", got)
		}
	})
}

func TestPinsAreBoundedAndListed(t *testing.T) {
	t.Parallel()
	w := newWorldOnSQLite(t)
	w.friends(t, 1, 2)
	var ids []uint64
	for n := range 51 {
		ids = append(ids, w.body(t, fmt.Sprint(n), `{"type":1,"textMsg":{"content":"x"}}`).Id)
	}
	for n, id := range ids {
		if r := w.change(t, 2, id, pin(true)); (r.Code == 40020) != (n == 50) {
			t.Fatalf("pin %d: %v", n+1, r)
		}
	}
	if r := w.change(t, 1, ids[7], pin(true)); !r.Dup {
		t.Errorf("pinned again: %v", r)
	}
	if r := w.change(t, 1, ids[0], pin(false)); r.Code != 0 || r.Dup || r.Message.PinnedAt != 0 {
		t.Errorf("taken off: %v", r)
	}
	if r := w.change(t, 1, ids[0], pin(false)); !r.Dup {
		t.Errorf("taken off again: %v", r)
	}
	if r := w.change(t, 1, ids[50], pin(true)); r.Code != 0 {
		t.Errorf("in the room of the other: %v", r)
	}
	r, err := w.Messages.Pins(t.Context(), &wire.SessionRequest{UserId: 1, TargetId: 2})
	if err != nil || len(r.List) != 50 || r.List[0].Id != ids[50] || r.List[49].Id != ids[1] {
		t.Errorf("%d pins, %v", len(r.GetList()), err)
	}
	if _, err := w.Messages.Pins(t.Context(), &wire.SessionRequest{UserId: 3, TargetId: 2}); !errors.Is(err, errs.NoConversation) {
		t.Errorf("a stranger's: %v", err)
	}
}

func TestRightsHoldForChangesToo(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.friends(t, 1, 2)
		m := w.body(t, "a", `{"type":1,"textMsg":{"content":"x"}}`)
		w.rights(t, &chat_rpc.SetRightsRequest{UserId: 1, PeerId: 2, UserRefusal: 40003, PeerRefusal: 40002, Version: 9})
		for _, c := range []struct {
			name   string
			user   uint64
			change *wire.Change
			code   int32
		}{
			{"an edit of the blocked one", 1, edit(`{"type":1,"textMsg":{"content":"y"}}`), 40003},
			{"an emoji of the blocked one", 1, react("👍", true), 40003},
			{"an emoji of who is no friend", 2, react("👍", true), 40002},
			{"a pin of the blocked one", 1, pin(true), 40003},
			{"taking back stays", 1, recall(""), 0},
		} {
			if got := w.change(t, c.user, m.Id, c.change); got.Code != c.code {
				t.Errorf("%s: %v", c.name, got)
			}
		}
	})
}

func TestWhatAMessageRefersToMustBeTheSenders(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.friends(t, 1, 2)
		w.friends(t, 1, 3)
		mine := w.body(t, "origin", `{"type":1,"textMsg":{"content":"the original"}}`)
		for n, c := range []struct {
			name     string
			from, to uint64
			body     string
			code     int32
			has      string
		}{
			{"my image", 1, 2, `{"type":2,"imageMsg":{"uid":"` + anImage + `","hash":"forged","size":1}}`, 0, `"hash":"h1"`},
			{"my image by its path", 1, 2, `{"type":2,"imageMsg":{"src":"/api/file/` + anImage + `"}}`, 0, `"uid":"` + anImage + `"`},
			{"another's image", 2, 1, `{"type":2,"imageMsg":{"uid":"` + anImage + `"}}`, 40010, ""},
			{"a file that is not there", 1, 2, `{"type":4,"fileMsg":{"uid":"nonononononononononono"}}`, 40010, ""},
			{"a document as an image", 1, 2, `{"type":2,"imageMsg":{"uid":"` + aFile + `"}}`, 40005, ""},
			{"a file", 1, 2, `{"type":4,"fileMsg":{"uid":"` + aFile + `"}}`, 0, `plan.pdf`},
			{"a card", 1, 2, `{"type":14,"cardMsg":{"userId":2}}`, 0, ""},
			{"a card of nobody", 1, 2, `{"type":14,"cardMsg":{"userId":77}}`, 40005, ""},
			{"a reply", 2, 1, fmt.Sprintf(`{"type":9,"replyMsg":{"msgId":%d,"content":"x","preview":"forged"}}`, mine.Id), 0, `"preview":"the original"`},
			{"a reply in another conversation", 1, 3, fmt.Sprintf(`{"type":9,"replyMsg":{"msgId":%d,"content":"x"}}`, mine.Id), 40007, ""},
			{"a reply by a stranger to both", 3, 1, fmt.Sprintf(`{"type":9,"replyMsg":{"msgId":%d,"content":"x"}}`, mine.Id), 40007, ""},
			{"a reply to nothing", 1, 2, `{"type":9,"replyMsg":{"msgId":999999,"content":"x"}}`, 40007, ""},
			{"a quote of what was not said", 2, 1, fmt.Sprintf(`{"type":10,"quoteMsg":{"msgId":%d,"content":"x","part":"never"}}`, mine.Id), 0, `"originType":1`},
		} {
			r := w.send(t, &wire.SendItem{UserId: c.from, TargetId: c.to, ClientMsgId: fmt.Sprint(n), Msg: []byte(c.body)})[0]
			if r.Code != c.code || !strings.Contains(string(r.GetMessage().GetMsg()), c.has) || strings.Contains(string(r.GetMessage().GetMsg()), "forged") ||
				strings.Contains(string(r.GetMessage().GetMsg()), "never") {
				t.Errorf("%s: %d %s", c.name, r.Code, r.GetMessage().GetMsg())
			}
		}
	})
}

// A repeat rings again, with what the messages are by then.
func TestARepeatDoesNotTellWhatWasTakenBack(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.friends(t, 1, 2)
		secret := w.body(t, "a", `{"type":1,"textMsg":{"content":"secret"}}`)
		quoting := fmt.Sprintf(`{"type":10,"quoteMsg":{"msgId":%d,"content":"look","part":"secret"}}`, secret.Id)
		w.body(t, "b", quoting)
		w.change(t, 1, secret.Id, recall(""))
		heard := make(chan *wire.Event, 64)
		sub := w.Bus.Subscribe(t.Context(), func(_ string, e *wire.Event) { heard <- e }, func() {})
		if err := sub.Add(t.Context(), event.UserChannel(2)); err != nil {
			t.Fatal(err)
		}
		for _, body := range []string{quoting, `{"type":1,"textMsg":{"content":" "}}`} { // the second is no body at all
			for _, client := range []string{"a", "b"} {
				r := w.send(t, &wire.SendItem{UserId: 1, TargetId: 2, ClientMsgId: client, Msg: []byte(body)})[0]
				if r.Code != 0 || !r.Dup {
					t.Errorf("%v", r)
				}
				e := hear(t, heard)
				for e.Name != event.Message || e.Message.ClientMsgId != client { // what was told before
					e = hear(t, heard)
				}
				if strings.Contains(string(e.Message.Msg), "secret") {
					t.Errorf("rang with %s", e.Message.Msg)
				}
			}
		}
	})
}

func TestNumbersNobodyHas(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.friends(t, 1, 2)
		m := w.body(t, "a", `{"type":1,"textMsg":{"content":"x"}}`)
		for _, id := range []uint64{0, 1 << 53, 1 << 63, math.MaxUint64} {
			r := w.send(t, &wire.SendItem{UserId: 1, TargetId: 2, ClientMsgId: fmt.Sprint(id), Msg: []byte(`{"type":1,"textMsg":{"content":"x"}}`), AtUserIds: []uint64{id, id}})[0]
			if r.Code != 0 {
				t.Errorf("calling %d: %v", id, r)
			}
			if r := w.change(t, 1, id, recall("")); r.Code != 40011 {
				t.Errorf("change of %d: %v", id, r)
			}
			got, err := w.Messages.Get(t.Context(), &wire.GetRequest{UserId: 1, Ids: []uint64{id, m.Id}})
			if err != nil || len(got.List) != 1 {
				t.Errorf("get %d: %v, %v", id, got, err)
			}
			if _, err := w.Messages.Delete(t.Context(), &wire.DeleteRequest{UserId: 1, Ids: []uint64{id}}); err != nil {
				t.Errorf("delete %d: %v", id, err)
			}
			if _, err := w.Messages.Sessions(t.Context(), &wire.SessionsRequest{UserId: id}); err != nil {
				t.Errorf("sessions of %d: %v", id, err)
			}
			if _, err := w.Messages.Changes(t.Context(), &wire.ChangesRequest{UserId: id, Since: time.Now().UnixMilli()}); err != nil {
				t.Errorf("changes of %d: %v", id, err)
			}
			if r := w.send(t, text(1, id, "x", "x"))[0]; r.Code != 40002 {
				t.Errorf("to %d: %v", id, r)
			}
		}
	})
}

// stalled is a library that does not answer.
type stalled struct{ library }

func (stalled) Files(ctx context.Context, _ uint64, _ []string) (map[string]ctype.File, error) {
	<-ctx.Done()
	return nil, errs.Unavailable
}

func TestAHalfThatIsAwayHoldsUpOnlyWhoNeedsIt(t *testing.T) {
	t.Parallel()
	w := newWorldOnSQLite(t)
	w.friends(t, 1, 2)
	w.Messages.Refs = stalled{}
	got := w.send(t, &wire.SendItem{UserId: 1, TargetId: 2, ClientMsgId: "i", Msg: []byte(`{"type":2,"imageMsg":{"uid":"` + anImage + `"}}`)}, text(2, 1, "t", "x"))
	if got[0].Code != 10010 || got[1].Code != 0 {
		t.Errorf("%v", got)
	}
	w.Messages.Refs = library{}
	if again := w.send(t, &wire.SendItem{UserId: 1, TargetId: 2, ClientMsgId: "i", Msg: []byte(`{"type":2,"imageMsg":{"uid":"` + anImage + `"}}`)})[0]; again.Code != 0 || again.Dup {
		t.Errorf("again: %v", again)
	}
}
