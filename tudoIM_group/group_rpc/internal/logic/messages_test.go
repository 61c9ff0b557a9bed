package logic

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"tudoIM/common/errs"
	"tudoIM/common/event"
	"tudoIM/common/wire"
	"tudoIM/core/db"
	"tudoIM/core/db/dbtest"
	"tudoIM/tudoIM_group/group_rpc/internal/model"
	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// room is a group of the owner 1, the admin 2 and the members 3 and 4.
type room struct {
	*svc.ServiceContext
	id uint64
}

func inRoom(t *testing.T, f func(t *testing.T, r *room)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newContext(t, d, users{friends: []uint64{2, 3, 4}})
		made, err := NewCreateLogic(t.Context(), s).Create(&group_rpc.CreateRequest{UserId: 1, Mode: 1, Title: "team", UserIds: []uint64{2, 3, 4}})
		if err != nil {
			t.Fatal(err)
		}
		r := &room{s, made.GroupId}
		r.member(t, 2, map[string]any{"role": model.RoleAdmin})
		f(t, r)
	}, model.Migration)
}

// member changes the row of user.
func (r *room) member(t *testing.T, user uint64, set map[string]any) {
	t.Helper()
	if err := r.DB.Model(&model.GroupMemberModel{}).Where("group_id = ? AND user_id = ?", r.id, user).Updates(set).Error; err != nil {
		t.Fatal(err)
	}
}

// group changes the row of the group.
func (r *room) group(t *testing.T, set map[string]any) {
	t.Helper()
	if err := r.DB.Model(&model.GroupModel{}).Where("id = ?", r.id).Updates(set).Error; err != nil {
		t.Fatal(err)
	}
}

func say(user, group uint64, client string, at ...uint64) *wire.SendItem {
	return &wire.SendItem{UserId: user, TargetId: group, ClientMsgId: client, Msg: []byte(`{"type":1,"textMsg":{"content":"x"}}`), AtUserIds: at}
}

func (r *room) send(t *testing.T, i *wire.SendItem) *wire.SendResult {
	t.Helper()
	resp, err := r.Messages.Send(t.Context(), &wire.SendRequest{List: []*wire.SendItem{i}})
	if err != nil {
		t.Fatal(err)
	}
	return resp.List[0]
}

func (r *room) change(t *testing.T, user, id uint64, c *wire.Change) int32 {
	t.Helper()
	c.UserId, c.MsgId = user, id
	resp, err := r.Messages.Change(t.Context(), &wire.ChangeRequest{List: []*wire.Change{c}})
	if err != nil {
		t.Fatal(err)
	}
	return resp.List[0].Code
}

func (r *room) view(t *testing.T, user uint64) *wire.Conversation {
	t.Helper()
	c, err := r.Messages.Session(t.Context(), &wire.SessionRequest{UserId: user, TargetId: r.id})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestWhoMaySendToAGroup(t *testing.T) {
	t.Parallel()
	inRoom(t, func(t *testing.T, r *room) {
		later, before := time.Now().Add(time.Hour).UnixMilli(), time.Now().Add(-time.Hour).UnixMilli()
		first := r.send(t, say(3, r.id, "first"))
		if first.Code != 0 || first.Message.Seq != 1 || first.Message.Id%2 != 1 || first.Message.ConversationID() != wire.GroupID(r.id) {
			t.Fatal(first)
		}
		for n, c := range []struct {
			name   string
			change func()
			codes  [5]int32 // of 1 to 4, and of a stranger
		}{
			{"all in order", func() {}, [5]int32{0, 0, 0, 0, 50003}},
			{"one is muted", func() { r.member(t, 3, map[string]any{"prohibition_until": later}) }, [5]int32{0, 0, 50010, 0, 50003}},
			{"no longer", func() { r.member(t, 3, map[string]any{"prohibition_until": before}) }, [5]int32{0, 0, 0, 0, 50003}},
			{"all are muted", func() { r.group(t, map[string]any{"is_prohibition": true}) }, [5]int32{0, 0, 50011, 50011, 50003}},
			{"all, until before", func() { r.group(t, map[string]any{"prohibition_until": before}) }, [5]int32{0, 0, 0, 0, 50003}},
			{"an admin is muted", func() { r.member(t, 2, map[string]any{"prohibition_until": later}) }, [5]int32{0, 50010, 0, 0, 50003}},
			{"one has left", func() { r.member(t, 4, map[string]any{"deleted_at": before}) }, [5]int32{0, 50010, 0, 50003, 50003}},
			{"one is curtailed", func() {
				_, err := NewSetSenderLogic(t.Context(), r.ServiceContext).SetSender(&group_rpc.SetSenderRequest{UserId: 3, Refusal: 40004, Version: 1})
				if err != nil {
					t.Fatal(err)
				}
			}, [5]int32{0, 50010, 40004, 50003, 50003}},
			{"dissolved", func() { r.group(t, map[string]any{"deleted_at": before}) }, [5]int32{50005, 50005, 50005, 50003, 50003}},
		} {
			c.change()
			for user := uint64(1); user <= 5; user++ {
				got := r.send(t, say(user, r.id, fmt.Sprint(n)))
				if got.Code != c.codes[user-1] {
					t.Errorf("%s: user %d: %v", c.name, user, got)
				}
				if got.Code == 50010 && got.Data["until"] != fmt.Sprint(later) {
					t.Errorf("%s: until %q", c.name, got.Data["until"])
				}
			}
		}
		if again := r.send(t, say(3, r.id, "first")); !again.Dup || again.Message.Seq != 1 {
			t.Errorf("a repeat is answered for ever: %v", again)
		}
		if got := r.send(t, say(1, r.id+1000, "none")); got.Code != 50003 {
			t.Errorf("no group: %v", got)
		}
	})
}

func TestRanksOfChanges(t *testing.T) {
	t.Parallel()
	inRoom(t, func(t *testing.T, r *room) {
		recall := func() *wire.Change { return &wire.Change{What: &wire.Change_Recall{}} }
		wipe := func() *wire.Change { return &wire.Change{What: &wire.Change_Delete{Delete: true}} }
		pin := func() *wire.Change { return &wire.Change{What: &wire.Change_Pin{Pin: true}} }
		for n, c := range []struct {
			name   string
			by, of uint64
			old    bool
			change *wire.Change
			code   int32
		}{
			{"a member, the own", 3, 3, false, recall(), 0},
			{"a member, the own, late", 3, 3, true, recall(), 40013},
			{"a member, another's", 3, 4, false, recall(), 40012},
			{"a member, the admin's", 3, 2, false, recall(), 40012},
			{"an admin, a member's, late", 2, 3, true, recall(), 0},
			{"an admin, the own, late", 2, 2, true, recall(), 40013},
			{"an admin, the owner's", 2, 1, false, recall(), 40012},
			{"the owner, an admin's, late", 1, 2, true, recall(), 0},
			{"the owner, the own, late", 1, 1, true, recall(), 0},
			{"a stranger", 9, 3, false, recall(), 40011},
			{"a member deletes another's", 3, 4, false, wipe(), 40014},
			{"an admin deletes a member's", 2, 4, true, wipe(), 0},
			{"a member pins", 3, 3, false, pin(), 10005},
			{"an admin pins", 2, 3, false, pin(), 0},
		} {
			m := r.send(t, say(c.of, r.id, fmt.Sprint("m", n))).Message
			if c.old {
				if err := r.DB.Exec("UPDATE group_msg_models SET created_at = created_at - 121000 WHERE id = ?", m.Id).Error; err != nil {
					t.Fatal(err)
				}
			}
			if got := r.change(t, c.by, m.Id, c.change); got != c.code {
				t.Errorf("%s: %d, want %d", c.name, got, c.code)
			}
		}
		left := r.send(t, say(4, r.id, "left")).Message
		r.member(t, 4, map[string]any{"deleted_at": 1})
		if got := r.change(t, 4, left.Id, recall()); got != 40011 {
			t.Errorf("who left takes back: %d", got)
		}
		if got := r.change(t, 2, left.Id, recall()); got != 0 {
			t.Errorf("an admin takes back what one said who left: %d", got)
		}
	})
}

func TestCallsUnreadAndReaders(t *testing.T) {
	t.Parallel()
	inRoom(t, func(t *testing.T, r *room) {
		r.send(t, say(1, r.id, "a"))
		called := r.send(t, say(2, r.id, "b", 3, 9, 1))
		if called.Code != 0 || !slices.Equal(called.Message.AtUserIds, []uint64{3, 1}) {
			t.Errorf("strangers are left out: %v", called)
		}
		for _, c := range []struct {
			user, unread uint64
			at           bool
		}{{1, 1, true}, {2, 0, false}, {3, 2, true}, {4, 2, false}} {
			if v := r.view(t, c.user); v.Unread != c.unread || v.AtMe != c.at || v.Type != wire.Group || v.Title != "team" {
				t.Errorf("user %d: %v", c.user, v)
			}
		}
		all := say(1, r.id, "c")
		all.AtAll = true
		if got := r.send(t, all); got.Code != 0 || !r.view(t, 4).AtMe || r.view(t, 1).AtMe {
			t.Errorf("all are called: %v", got)
		}
		all = say(3, r.id, "d")
		all.AtAll = true
		if got := r.send(t, all); got.Code != 10005 {
			t.Errorf("a member calls all: %v", got)
		}
		many := make([]uint64, 21)
		if got := r.send(t, say(1, r.id, "e", many...)); got.Code != 10001 {
			t.Errorf("21 are called: %v", got)
		}
		read := func(user, seq uint64) *wire.ReadResponse {
			got, err := r.Messages.Read(t.Context(), &wire.ReadRequest{UserId: user, TargetId: r.id, ReadSeq: seq})
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		if got := read(4, 3); got.Unread != 0 || !got.Moved || r.view(t, 4).AtMe {
			t.Errorf("%v", got)
		}
		if got := read(4, 1); got.Moved || got.ReadSeq != 3 {
			t.Errorf("back: %v", got)
		}
		readers, err := r.Messages.Readers(t.Context(), &wire.MessageRequest{UserId: 3, MsgId: called.Message.Id})
		if err != nil || !slices.Equal(readers.Read, []uint64{1, 4}) || !slices.Equal(readers.Unread, []uint64{3}) {
			t.Errorf("%v, %v", readers, err)
		}
		if _, err := r.Messages.Readers(t.Context(), &wire.MessageRequest{UserId: 9, MsgId: called.Message.Id}); errs.From(err) != errs.NoMessage {
			t.Errorf("a stranger asks who has read: %v", err)
		}
	})
}

func TestAMemberSeesWhatTheGroupShows(t *testing.T) {
	t.Parallel()
	inRoom(t, func(t *testing.T, r *room) {
		for n := range 5 {
			r.send(t, say(1, r.id, fmt.Sprint(n)))
		}
		r.member(t, 4, map[string]any{"join_seq": 3, "read_seq": 3})
		history := func(user uint64) int {
			got, err := r.Messages.History(t.Context(), &wire.HistoryRequest{UserId: user, TargetId: r.id})
			if err != nil {
				return -errs.From(err).Code
			}
			return len(got.List)
		}
		if n := history(4); n != 2 {
			t.Errorf("who came later sees %d", n)
		}
		if v := r.view(t, 4); v.Unread != 2 || v.ClearSeq != 3 {
			t.Errorf("who came later: %v", v)
		}
		r.group(t, map[string]any{"history_visible": true})
		if n := history(4); n != 5 {
			t.Errorf("where the history is shown: %d", n)
		}
		if v := r.view(t, 4); v.Unread != 2 {
			t.Errorf("where the history is shown: %v", v)
		}
		if n := history(9); n != -40001 {
			t.Errorf("a stranger: %d", n)
		}
		now := time.Now().UnixMilli()
		r.member(t, 4, map[string]any{"deleted_at": now, "updated_at": now})
		if n := history(4); n != -40001 {
			t.Errorf("who left: %d", n)
		}
		changes, err := r.Messages.Changes(t.Context(), &wire.ChangesRequest{UserId: 4, Since: now})
		if err != nil || len(changes.List) != 1 || !changes.List[0].Gone || changes.List[0].Last != nil {
			t.Errorf("who left is told so: %v, %v", changes, err)
		}
		if got, err := r.Messages.Sync(t.Context(), &wire.SyncRequest{UserId: 4, List: []*wire.SyncPoint{{TargetId: r.id}}}); err != nil || len(got.List) != 0 {
			t.Errorf("sync of who left: %v, %v", got, err)
		}
	})
}

func TestWhatIsSaidInAGroupIsToldOnceOnItsChannel(t *testing.T) {
	t.Parallel()
	inRoom(t, func(t *testing.T, r *room) {
		heard := make(chan *wire.Event, 64)
		sub := r.Bus.Subscribe(t.Context(), func(_ string, e *wire.Event) { heard <- e }, func() {})
		channels := []string{event.GroupChannel(r.id), event.GroupChannel(r.id + 1)}
		for user := uint64(1); user <= 4; user++ {
			channels = append(channels, event.UserChannel(user))
		}
		if err := sub.Add(t.Context(), channels...); err != nil {
			t.Fatal(err)
		}
		next := func(name string, seq, ver uint64) *wire.Event {
			t.Helper()
			select {
			case e := <-heard:
				if e.Name != name || e.Group != r.id || e.GroupVer != ver || e.MaxSeq != seq || len(e.To) != 0 {
					t.Fatalf("heard %v, want %s of %d in version %d", e, name, seq, ver)
				}
				return e
			case <-time.After(20 * time.Second):
				t.Fatalf("%s of %d is not heard", name, seq)
				return nil
			}
		}
		for n := uint64(1); n <= 2; n++ {
			r.send(t, say(1, r.id, fmt.Sprint(n), 3))
			if e := next(event.Message, n, 1); e.Message.Seq != n || !slices.Equal(e.Message.AtUserIds, []uint64{3}) {
				t.Errorf("message %d: %v", n, e)
			}
		}
		m := r.send(t, say(3, r.id, "mine")).Message
		next(event.Message, 3, 1)
		r.group(t, map[string]any{"ver": 5})
		if code := r.change(t, 1, m.Id, &wire.Change{What: &wire.Change_Recall{Recall: "no"}}); code != 0 {
			t.Fatal(code)
		}
		e := next(event.Recalled, 3, 5)
		var data struct {
			ConversationID     string
			MsgID, Seq, UserID uint64
			Ver                uint64
		}
		if err := json.Unmarshal(e.Data, &data); err != nil || data.ConversationID != wire.GroupID(r.id) ||
			data.MsgID != m.Id || data.Seq != 3 || data.Ver != 4 || data.UserID != 1 {
			t.Errorf("%s %s", e.Name, e.Data)
		}
	})
}

func TestPlacesAnswersForSoManyUsers(t *testing.T) {
	t.Parallel()
	inRoom(t, func(t *testing.T, r *room) {
		r.send(t, say(2, r.id, "a"))
		users := make([]uint64, 1000)
		for n := range users {
			users[n] = uint64(n) + 2 // #nosec G115 -- an index
		}
		got, err := NewPlacesLogic(t.Context(), r.ServiceContext).Places(&group_rpc.PlacesRequest{UserIds: users})
		if err != nil || len(got.List) != 1 || got.List[0].GroupId != r.id || got.List[0].Ver != 1 || got.Next != 0 {
			t.Fatalf("%v, %v", got, err)
		}
		if m := got.List[0].Members; len(m) != 3 || m[0].UserId != 2 || m[0].ReadSeq != 1 || m[1].UserId != 3 || m[1].ReadSeq != 0 {
			t.Errorf("%v", m)
		}
		_, err = NewPlacesLogic(t.Context(), r.ServiceContext).Places(&group_rpc.PlacesRequest{UserIds: append(users, 1)})
		if e := errs.From(err); !errors.Is(err, errs.Bad) || e.Data["field"] != "userIds" {
			t.Errorf("1,001 users: %v", err)
		}
	})
}

func TestAGroupsListAndSettings(t *testing.T) {
	t.Parallel()
	inRoom(t, func(t *testing.T, r *room) {
		list := func() []*wire.Conversation {
			got, err := r.Messages.Sessions(t.Context(), &wire.SessionsRequest{UserId: 3})
			if err != nil {
				t.Fatal(err)
			}
			return got.List
		}
		if got := list(); len(got) != 1 || got[0].TargetId != r.id || got[0].UpdatedAt == 0 || got[0].Last != nil {
			t.Errorf("a group in which nothing was said: %v", got)
		}
		yes, draft := true, "dr"
		set := func(in *wire.SetRequest) *wire.Conversation {
			in.UserId, in.TargetId = 3, r.id
			got, err := r.Messages.Set(t.Context(), in)
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		if got := set(&wire.SetRequest{IsTop: &yes, IsMuted: &yes, Draft: &draft, IsUnread: &yes}); !got.IsTop || !got.IsMuted || got.Draft != "dr" || got.Unread != 1 {
			t.Errorf("%v", got)
		}
		if set(&wire.SetRequest{IsHidden: &yes}); len(list()) != 0 {
			t.Error("hidden, and in the list")
		}
		r.send(t, say(1, r.id, "a"))
		if got := list(); len(got) != 1 || got[0].Last.GetSeq() != 1 {
			t.Errorf("after a message: %v", got)
		}
		if got := set(&wire.SetRequest{Clear: true}); got.ClearSeq != 1 || got.Last != nil || got.Unread != 0 {
			t.Errorf("cleared: %v", got)
		}
		if got := set(&wire.SetRequest{IsUnread: &yes}); got.Unread != 1 {
			t.Errorf("marked: %v", got)
		}
		totals, err := r.Messages.Unread(t.Context(), &wire.UnreadRequest{UserId: 3})
		if err != nil || totals.TotalUnread != 0 || totals.TotalUnreadAll != 1 {
			t.Errorf("muted: %v, %v", totals, err)
		}
		hearers := func(user uint64) []uint64 {
			got, err := r.Messages.Hearers(t.Context(), &wire.SessionRequest{UserId: user, TargetId: r.id})
			if err != nil {
				t.Fatal(err)
			}
			return got.UserIds
		}
		if got := hearers(3); !slices.Equal(got, []uint64{1, 2, 4}) {
			t.Errorf("who hears 3: %v", got)
		}
		if got := hearers(9); len(got) != 0 {
			t.Errorf("who hears a stranger: %v", got)
		}
	})
}
