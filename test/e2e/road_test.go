package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"tudoIM/test/client"
	"tudoIM/test/suite"
)

// TestTwoPeopleChat is the first road all the way: accounts, a friendship by
// request, messages both ways over sockets, and what each sees of it later.
func TestTwoPeopleChat(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob := register(t, s, 0), register(t, s, 1)
		onAnn, onBob := dial(t, ann), dial(t, bob)

		found, err := ann.Search(ctx(t), bob.Nickname)
		if err != nil || len(found) != 1 || found[0].UserID != bob.UserID || found[0].IsFriend {
			t.Fatalf("search: %+v, %v", found, err)
		}
		_, err = onAnn.Send(ctx(t), text(bob, "early", "are you there?"))
		wantCode(t, "a message to a stranger", err, 40002)

		result, id, err := ann.AddFriend(ctx(t), bob.UserID, "it is me, Ann")
		if err != nil || result != "pending" {
			t.Fatalf("request: %s, %v", result, err)
		}
		var asked struct {
			Verify       client.FriendRequest `json:"verify"`
			PendingCount int                  `json:"pendingCount"`
		}
		event(t, onBob, "friendRequest", &asked)
		if asked.Verify.ID != id || asked.Verify.UserID != ann.UserID || asked.PendingCount != 1 {
			t.Errorf("friendRequest event: %+v", asked)
		}
		waiting, err := bob.Requests(ctx(t), "rev")
		if err != nil || len(waiting) != 1 || waiting[0].ID != id || waiting[0].AdditionalMessages != "it is me, Ann" {
			t.Fatalf("requests of bob: %+v, %v", waiting, err)
		}
		wantCode(t, "ann accepts her own request", ann.Handle(ctx(t), id, 1), 31011)
		if err := bob.Handle(ctx(t), id, 1); err != nil {
			t.Fatal(err)
		}
		var made struct {
			Friend client.User `json:"friend"`
		}
		event(t, onAnn, "friendAdded", &made)
		if made.Friend.UserID != bob.UserID {
			t.Errorf("friendAdded event: %+v", made)
		}

		cid := private(ann, bob)
		sent, err := onAnn.Send(ctx(t), text(bob, "a-1", "hello, 世界 👋"))
		if err != nil || sent.Seq != 1 || sent.Ver != 1 || sent.Dup || sent.ConversationID != cid || sent.MsgID == 0 || sent.CreatedAt == 0 {
			t.Fatalf("ack: %+v, %v", sent, err)
		}
		got, err := onBob.NextMessage(ctx(t))
		if err != nil {
			t.Fatal(err)
		}
		m := got.Message
		if m.ID != sent.MsgID || m.Seq != 1 || m.Content() != "hello, 世界 👋" || m.IsMe || m.SendUser.UserID != ann.UserID ||
			m.SendUser.Nickname == "" || m.RevUserID != bob.UserID || m.ClientMsgID != "a-1" || m.ConversationID != cid ||
			got.Conversation.Unread != 1 || got.Conversation.MaxSeq != 1 {
			t.Errorf("delivered: %+v", got)
		}
		own, err := onAnn.NextMessage(ctx(t))
		if err != nil || !own.Message.IsMe || own.Message.ID != sent.MsgID || own.Conversation.Unread != 0 {
			t.Errorf("on the sender's devices: %+v, %v", own, err)
		}

		again, err := onAnn.Send(ctx(t), text(bob, "a-1", "another text"))
		if err != nil || !again.Dup || again.MsgID != sent.MsgID || again.Seq != 1 {
			t.Errorf("repeat: %+v, %v", again, err)
		}
		// A repeat rings once more, with the message as it was sent first.
		if got, err = onBob.NextMessage(ctx(t)); err != nil || got.Message.ID != sent.MsgID || got.Message.Content() != m.Content() {
			t.Errorf("after the repeat: %+v, %v", got, err)
		}

		back, err := bob.Send(ctx(t), text(ann, "b-1", "hi Ann"))
		if err != nil || back.Seq != 2 {
			t.Fatalf("over REST: %+v, %v", back, err)
		}
		for {
			d, err := onAnn.NextMessage(ctx(t))
			if err != nil {
				t.Fatal(err)
			}
			if d.Message.ID == back.MsgID {
				if d.Conversation.Unread != 1 || d.Message.Content() != "hi Ann" {
					t.Errorf("answer delivered: %+v", d)
				}
				break
			}
		}

		list, err := ann.Sessions(ctx(t))
		if err != nil || len(list.List) != 1 || list.TotalUnread != 1 {
			t.Fatalf("sessions of ann: %+v, %v", list, err)
		}
		if c := list.List[0]; c.ConversationID != cid || c.Unread != 1 || c.MaxSeq != 2 || c.LastMsg == nil || c.LastMsg.MsgID != back.MsgID ||
			c.LastMsg.MsgPreview != "hi Ann" || c.Target.UserID != bob.UserID || c.Target.Title == "" {
			t.Errorf("conversation of ann: %+v", c)
		}
		if seq, unread, err := ann.Read(ctx(t), cid, 2); err != nil || seq != 2 || unread != 0 {
			t.Errorf("read: %d %d %v", seq, unread, err)
		}
		var read struct {
			UserID  uint64 `json:"userId"`
			ReadSeq uint64 `json:"readSeq"`
		}
		event(t, onBob, "read", &read)
		if read.UserID != ann.UserID || read.ReadSeq != 2 {
			t.Errorf("read event: %+v", read)
		}
		_, _, err = ann.Read(ctx(t), cid, 3)
		wantCode(t, "read beyond the end", err, 40015)

		history, err := bob.Before(ctx(t), cid, 0, 50)
		if err != nil || len(history.List) != 2 || history.HasMore || history.MinSeq != 1 || history.MaxSeq != 2 {
			t.Fatalf("history: %+v, %v", history, err)
		}
		synced, err := bob.Sync(ctx(t), 50, client.Point{ID: cid, Seq: 1, Ver: 1})
		if err != nil || len(synced) != 1 || len(synced[0].Messages) != 1 || synced[0].Messages[0].ID != back.MsgID || synced[0].HasMore {
			t.Errorf("sync: %+v, %v", synced, err)
		}
	})
}

// event waits for the event called name and decodes its data.
func event(t *testing.T, s *client.Socket, name string, out any) {
	t.Helper()
	e, err := s.Next(ctx(t), name)
	if err == nil {
		err = json.Unmarshal(e.Data, out)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestTokens(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann := register(t, s, 0)
		socket := dial(t, ann)
		old := *ann
		if err := ann.Refresh(ctx(t)); err != nil {
			t.Fatal(err)
		}
		if old.RefreshToken == ann.RefreshToken {
			t.Error("the refresh token did not change")
		}
		if _, err := ann.Sessions(ctx(t)); err != nil {
			t.Errorf("with the new token: %v", err)
		}
		if _, err := socket.Send(ctx(t), text(ann, "me", "a note")); err != nil {
			t.Errorf("the socket after a refresh: %v", err)
		}
		if err := ann.Logout(ctx(t), false); err != nil {
			t.Fatal(err)
		}
		<-socket.Done()
		if code := client.CloseCode(socket.Err()); code != 4001 {
			t.Errorf("the socket closed with %d, want 4001: %v", code, socket.Err())
		}
		_, err := ann.Sessions(ctx(t))
		wantCode(t, "the access token after the logout", err, 10004)
		wantCode(t, "the refresh token after the logout", ann.Refresh(ctx(t)), 20020)
	})
}

func TestReusedRefreshTokenEndsTheSession(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann := register(t, s, 0)
		thief := *ann
		if err := ann.Refresh(ctx(t)); err != nil {
			t.Fatal(err)
		}
		wantCode(t, "the old token again", thief.Refresh(ctx(t)), 20021)
		_, err := ann.Sessions(ctx(t))
		wantCode(t, "the session afterwards", err, 10004)
		wantCode(t, "its new refresh token", ann.Refresh(ctx(t)), 20020)
	})
}

func TestLoginOnASecondDevice(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob := friends(t, s)
		first := dial(t, bob)
		var me struct {
			UserName string `json:"userName"`
			UserID   uint64 `json:"userId"`
			Conf     struct {
				Verification int `json:"verification"`
			} `json:"conf"`
		}
		if err := bob.Call(ctx(t), http.MethodGet, "/api/user/user_info", nil, &me); err != nil || me.UserID != bob.UserID {
			t.Fatalf("my info: %+v, %v", me, err)
		}
		phone := client.New(bob.Base)
		phone.Device = "phone"
		wantCode(t, "a wrong password", phone.Login(ctx(t), me.UserName, "wrong password"), 20010)
		wantCode(t, "a wrong name", phone.Login(ctx(t), "nobody"+me.UserName[:10], password), 20010)
		if err := phone.Login(ctx(t), me.UserName, password); err != nil {
			t.Fatal(err)
		}
		second := dial(t, phone)
		if _, err := ann.Send(ctx(t), text(bob, "1", "to both")); err != nil {
			t.Fatal(err)
		}
		for which, socket := range map[string]*client.Socket{"first": first, "second": second} {
			if d, err := socket.NextMessage(ctx(t)); err != nil || d.Message.Content() != "to both" {
				t.Errorf("%s device: %+v, %v", which, d, err)
			}
		}
		if _, err := second.Send(ctx(t), text(ann, "2", "from the phone")); err != nil {
			t.Fatal(err)
		}
		if d, err := first.NextMessage(ctx(t)); err != nil || d.Message.Content() != "from the phone" || !d.Message.IsMe {
			t.Errorf("my other device: %+v, %v", d, err)
		}
	})
}

func TestTicketOpensOneSocket(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann := register(t, s, 0)
		ticket, err := ann.Ticket(ctx(t))
		if err != nil {
			t.Fatal(err)
		}
		socket, err := ann.DialTicket(ctx(t), ticket)
		if err != nil {
			t.Fatal(err)
		}
		defer socket.Close()
		if _, err := socket.Send(ctx(t), text(ann, "1", "note to self")); err != nil {
			t.Error(err)
		}
		_, err = ann.DialTicket(ctx(t), ticket)
		wantCode(t, "the ticket again", err, 10002)
		for _, path := range []string{"/api/chat/ws/chat", "/api/group/ws/chat"} {
			other, err := ann.DialPath(ctx(t), path)
			if err != nil {
				t.Errorf("%s: %v", path, err)
				continue
			}
			other.Close()
		}
	})
}

func TestOrderOfPipelinedSends(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob := friends(t, s)
		from, to := dial(t, ann), dial(t, bob)
		const n = 300
		pending := make([]*client.Pending, n)
		for i := range n {
			p, err := from.Start("send", text(bob, fmt.Sprint("m-", i), fmt.Sprint(i)))
			if err != nil {
				t.Fatal(err)
			}
			pending[i] = p
		}
		for i, p := range pending {
			var sent client.Sent
			if err := p.Wait(ctx(t), &sent); err != nil || sent.Seq != uint64(i)+1 {
				t.Fatalf("ack %d: %+v, %v", i, sent, err)
			}
		}
		for i := range n {
			d, err := to.NextMessage(ctx(t))
			if err != nil || d.Message.Seq != uint64(i)+1 || d.Message.Content() != fmt.Sprint(i) {
				t.Fatalf("delivery %d: %+v, %v", i, d, err)
			}
		}
		all, err := bob.All(ctx(t), private(ann, bob))
		if err != nil || len(all) != n {
			t.Fatalf("%d messages in the history, %v", len(all), err)
		}
	})
}

// TestFirstRoutesOfTheOtherPairs walks through a group, a file and the
// settings.
func TestFirstRoutesOfTheOtherPairs(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob := friends(t, s)
		eve := register(t, s, 0)
		onBob := dial(t, bob)

		var made struct {
			GroupID uint64 `json:"groupId"`
		}
		group := map[string]any{"mode": 1, "title": "team", "userIdList": []uint64{bob.UserID}}
		if err := ann.Call(ctx(t), http.MethodPost, "/api/group/group", group, &made); err != nil || made.GroupID == 0 {
			t.Fatalf("create group: %+v, %v", made, err)
		}
		if _, err := onBob.Next(ctx(t), "groupJoined"); err != nil {
			t.Error(err)
		}
		var g struct {
			GroupID     uint64      `json:"groupId"`
			Title       string      `json:"title"`
			Creator     client.User `json:"creator"`
			MemberCount int         `json:"memberCount"`
			Role        int         `json:"role"`
			IsInGroup   bool        `json:"isInGroup"`
		}
		path := fmt.Sprint("/api/group/group/", made.GroupID)
		for who, role := range map[*client.Client]int{ann: 1, bob: 3} {
			if err := who.Call(ctx(t), http.MethodGet, path, nil, &g); err != nil || g.Title != "team" || g.MemberCount != 2 ||
				g.Role != role || !g.IsInGroup || g.Creator.UserID != ann.UserID {
				t.Errorf("group as role %d: %+v, %v", role, g, err)
			}
		}
		wantCode(t, "a stranger asks for the group", eve.Call(ctx(t), http.MethodGet, path, nil, nil), 50005)
		group["userIdList"] = []uint64{eve.UserID}
		wantCode(t, "a group with a stranger", ann.Call(ctx(t), http.MethodPost, "/api/group/group", group, nil), 50002)

		content := []byte("%PDF-1.4\nsome document\n")
		f, err := ann.Upload(ctx(t), "报告.pdf", content)
		if err != nil || f.UID == "" || f.Size != int64(len(content)) || f.FileName != "报告.pdf" || f.Src != "/api/file/"+f.UID {
			t.Fatalf("upload: %+v, %v", f, err)
		}
		got, resp, err := ann.Download(ctx(t), f.Src, nil)
		if err != nil || string(got) != string(content) || resp.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("download: %q, %v", got, err)
		}
		got, resp, err = ann.Download(ctx(t), f.Src, http.Header{"Range": {"bytes=1-3"}})
		if err != nil || string(got) != "PDF" || resp.StatusCode != http.StatusPartialContent {
			t.Errorf("range: %q, %v", got, err)
		}
		_, _, err = eve.Download(ctx(t), f.Src, nil)
		wantCode(t, "a stranger's download", err, 60006)

		var site struct {
			Version       string `json:"version"`
			APIVersion    int    `json:"apiVersion"`
			RegisterOpen  bool   `json:"registerOpen"`
			MaxTextLength int    `json:"maxTextLength"`
		}
		if err := client.New(ann.Base).Call(ctx(t), http.MethodGet, "/api/settings/info", nil, &site); err != nil ||
			site.Version == "" || site.APIVersion == 0 || !site.RegisterOpen || site.MaxTextLength != 4000 {
			t.Errorf("settings: %+v, %v", site, err)
		}
	})
}
