package e2e

import (
	"fmt"
	"testing"

	"tudoIM/test/client"
	"tudoIM/test/suite"
)

// circle makes three friends of ann, who makes a group of them; eve stays out.
func circle(t *testing.T, s *suite.Suite) (ann, bob, cat, eve *client.Client, cid string) {
	t.Helper()
	ann, bob = friends(t, s)
	cat, eve = register(t, s, 0), register(t, s, 1)
	if err := ann.Befriend(ctx(t), cat); err != nil {
		t.Fatal(err)
	}
	group, err := ann.CreateGroup(ctx(t), "circle", bob.UserID, cat.UserID)
	if err != nil {
		t.Fatal(err)
	}
	return ann, bob, cat, eve, fmt.Sprint("g_", group)
}

// number is the group of a conversation.
func number(t *testing.T, cid string) (group uint64) {
	t.Helper()
	if _, err := fmt.Sscanf(cid, "g_%d", &group); err != nil {
		t.Fatal(err)
	}
	return group
}

// TestGroupTalks is what members say to each other, and what its owner may.
func TestGroupTalks(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob, cat, _, cid := circle(t, s)
		onBob, onCat := dial(t, bob), dial(t, cat)
		group := number(t, cid)

		hello, err := ann.Send(ctx(t), client.SendRequest{GroupID: group, ClientMsgID: "1", Msg: client.Text("hello")})
		if err != nil || hello.Seq != 1 || hello.ConversationID != cid || hello.MsgID%2 != 1 {
			t.Fatalf("sent: %+v, %v", hello, err)
		}
		for who, on := range map[*client.Client]*client.Socket{bob: onBob, cat: onCat} {
			d, err := on.NextMessage(ctx(t))
			if err != nil || d.Message.ID != hello.MsgID || d.Message.GroupID != group || d.Message.RevUserID != 0 || d.Message.IsMe ||
				d.Message.ConversationID != cid || d.Conversation.Unread != 1 || d.Conversation.AtMe {
				t.Errorf("heard by %d: %+v, %v", who.UserID, d, err)
			}
		}
		// A call by name, with its own type of message and without.
		for n, req := range []client.SendRequest{
			{GroupID: group, ClientMsgID: "at", Msg: client.At("@bob look", bob.UserID)},
			{GroupID: group, ClientMsgID: "at too", Msg: client.Text("@bob and here"), AtUserIDs: []uint64{bob.UserID}},
			{GroupID: group, ClientMsgID: "all", Msg: client.Text("@all"), AtAll: true},
		} {
			if _, err := ann.Send(ctx(t), req); err != nil {
				t.Fatalf("%s: %v", req.ClientMsgID, err)
			}
			b, err := onBob.NextMessage(ctx(t))
			if err != nil || !b.Conversation.AtMe || b.Conversation.Unread != uint64(n)+2 {
				t.Errorf("%s: bob heard %+v, %v", req.ClientMsgID, b, err)
			}
			c, err := onCat.NextMessage(ctx(t))
			if err != nil || c.Conversation.AtMe != req.AtAll {
				t.Errorf("%s: cat heard %+v, %v", req.ClientMsgID, c, err)
			}
			if !req.AtAll && (len(c.Message.AtUserIDs) != 1 || c.Message.AtUserIDs[0] != bob.UserID) {
				t.Errorf("%s calls %v", req.ClientMsgID, c.Message.AtUserIDs)
			}
		}
		_, err = bob.Send(ctx(t), client.SendRequest{GroupID: group, ClientMsgID: "all", Msg: client.Text("@all"), AtAll: true})
		wantCode(t, "a member calls all", err, 10005)
		for who, at := range map[*client.Client]bool{ann: false, bob: true, cat: true} {
			if c, err := who.Session(ctx(t), cid); err != nil || c.AtMe != at || c.Type != 2 || c.Target.GroupID != group || c.Target.Title != "circle" {
				t.Errorf("session of %d: %+v, %v; want atMe %t", who.UserID, c, err, at)
			}
		}

		if seq, unread, err := bob.Read(ctx(t), cid, 4); err != nil || seq != 4 || unread != 0 {
			t.Errorf("bob reads: %d, %d, %v", seq, unread, err)
		}
		if c, err := bob.Session(ctx(t), cid); err != nil || c.AtMe || c.Unread != 0 {
			t.Errorf("bob has read: %+v, %v", c, err)
		}
		r, err := ann.Readers(ctx(t), hello.MsgID)
		if err != nil || r.ReadCount != 1 || r.UnreadCount != 1 || len(r.Read) != 1 || r.Read[0].UserID != bob.UserID || r.Read[0].Nickname != bob.Nickname ||
			len(r.Unread) != 1 || r.Unread[0].UserID != cat.UserID {
			t.Errorf("readers: %+v, %v", r, err)
		}

		his, hers := say(t, bob, cid, "by bob"), say(t, cat, cid, "by cat")
		_, err = bob.Recall(ctx(t), hers.MsgID)
		wantCode(t, "a member takes back what another said", err, 40012)
		_, err = bob.Recall(ctx(t), hello.MsgID)
		wantCode(t, "a member takes back what the owner said", err, 40012)
		_, err = bob.Delete(ctx(t), true, hers.MsgID)
		wantCode(t, "a member deletes for all what another said", err, 40014)
		_, err = ann.Edit(ctx(t), his.MsgID, client.Text("words in his mouth"))
		wantCode(t, "the owner edits what a member said", err, 40012)
		_, err = bob.Pin(ctx(t), his.MsgID, true)
		wantCode(t, "a member pins", err, 10005)
		age(t, database(t, s), his.MsgID, 24*3600*1000)
		if _, err := ann.Recall(ctx(t), his.MsgID); err != nil {
			t.Errorf("the owner recalls what a member said a day ago: %v", err)
		}
		if _, err := ann.Pin(ctx(t), hers.MsgID, true); err != nil {
			t.Errorf("the owner pins: %v", err)
		}
		if pins, err := cat.Pins(ctx(t), cid); err != nil || len(pins) != 1 || pins[0].ID != hers.MsgID || pins[0].PinnedAt == 0 {
			t.Errorf("pins: %+v, %v", pins, err)
		}
		for n, who := range []*client.Client{ann, bob, cat} {
			list, _, err := who.React(ctx(t), hers.MsgID, "🎉", true)
			if err != nil || len(list) != 1 || list[0].Count != int32(n)+1 || len(list[0].UserIDs) != n+1 {
				t.Errorf("reactions: %+v, %v", list, err)
			}
		}
		m, err := cat.Message(ctx(t), his.MsgID)
		if err != nil || m.Status != 1 || m.Content() != "" || m.Msg.WithdrawMsg == nil || m.Msg.WithdrawMsg.UserID != ann.UserID {
			t.Errorf("what the owner took back: %+v, %v", m, err)
		}
		for _, who := range []*client.Client{ann, bob, cat} {
			equal(t, client.NewDevice(who), cid)
		}
	})
}

// TestStrangersToAGroup asks for everything of a group from outside.
func TestStrangersToAGroup(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, _, _, eve, cid := circle(t, s)
		group := number(t, cid)
		secret := say(t, ann, cid, "not for eve")
		yes := true
		for what, c := range map[string]struct {
			code int
			do   func() error
		}{
			"send": {50003, func() error {
				_, err := eve.Send(ctx(t), client.SendRequest{GroupID: group, ClientMsgID: "1", Msg: client.Text("let me in")})
				return err
			}},
			"send to a group that is not": {50003, func() error {
				_, err := eve.Send(ctx(t), client.SendRequest{GroupID: 1 << 40, ClientMsgID: "1", Msg: client.Text("anybody?")})
				return err
			}},
			"history": {40001, func() error { _, err := eve.Before(ctx(t), cid, 0, 10); return err }},
			"session": {40001, func() error { _, err := eve.Session(ctx(t), cid); return err }},
			"set":     {40001, func() error { _, err := eve.Set(ctx(t), cid, client.Setting{IsTop: &yes}); return err }},
			"hide":    {40001, func() error { return eve.Hide(ctx(t), cid, true) }},
			"read":    {40001, func() error { _, _, err := eve.Read(ctx(t), cid, 1); return err }},
			"unread":  {40001, func() error { _, err := eve.MarkUnread(ctx(t), cid); return err }},
			"pins":    {40001, func() error { _, err := eve.Pins(ctx(t), cid); return err }},
			"media":   {40001, func() error { _, err := eve.Media(ctx(t), cid, "image", 0, 10); return err }},
			"message": {40011, func() error { _, err := eve.Message(ctx(t), secret.MsgID); return err }},
			"recall":  {40011, func() error { _, err := eve.Recall(ctx(t), secret.MsgID); return err }},
			"edit":    {40011, func() error { _, err := eve.Edit(ctx(t), secret.MsgID, client.Text("x")); return err }},
			"react":   {40011, func() error { _, _, err := eve.React(ctx(t), secret.MsgID, "👍", true); return err }},
			"pin":     {40011, func() error { _, err := eve.Pin(ctx(t), secret.MsgID, true); return err }},
			"readers": {40011, func() error { _, err := eve.Readers(ctx(t), secret.MsgID); return err }},
			"bundle":  {40011, func() error { _, err := eve.Bundle(ctx(t), secret.MsgID); return err }},
			"delete for both": {40011, func() error {
				_, err := eve.Delete(ctx(t), true, secret.MsgID)
				return err
			}},
			"forward": {40021, func() error {
				_, err := eve.Forward(ctx(t), client.ForwardRequest{IDList: []uint64{secret.MsgID}, Targets: []string{private(eve, eve)}, Mode: "each", ClientMsgIDs: []string{"1"}})
				return err
			}},
			"answer from elsewhere": {40007, func() error {
				_, err := eve.Send(ctx(t), client.SendRequest{RevUserID: eve.UserID, ClientMsgID: "1", Msg: client.Reply(secret.MsgID, "aha")})
				return err
			}},
		} {
			wantCode(t, what, c.do(), c.code)
		}
		if list, err := eve.Sync(ctx(t), 10, client.Point{ID: cid}); err != nil || len(list) != 0 {
			t.Errorf("sync: %+v, %v", list, err)
		}
		if n, err := eve.Delete(ctx(t), false, secret.MsgID); err != nil || n != 0 {
			t.Errorf("delete: %d, %v", n, err)
		}
		if list, err := eve.RecallAll(ctx(t), secret.MsgID); err != nil || len(list) != 1 || list[0].Code != 40011 {
			t.Errorf("recall batch: %+v, %v", list, err)
		}
		if list, err := ann.All(ctx(t), cid); err != nil || len(list) != 1 || list[0].Content() != "not for eve" {
			t.Errorf("after all that: %+v, %v", list, err)
		}
	})
}
