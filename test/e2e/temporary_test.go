package e2e

import (
	"fmt"
	"net/http"
	"testing"

	"tudoIM/test/client"
	"tudoIM/test/suite"
)

// setTemporary has ann let the members of her group write to each other without
// being friends, or no longer.
func setTemporary(t *testing.T, ann *client.Client, group uint64, on bool) {
	t.Helper()
	if err := ann.UpdateGroup(ctx(t), group, client.Fields{"isTemporarySession": on}); err != nil {
		t.Fatal(err)
	}
}

// TestTemporarySessions has two who are not friends write to each other while
// a group of both lets them.
func TestTemporarySessions(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob, cat, eve, cid := circle(t, s) // bob and cat are ann's friends, not each other's
		group, pair := number(t, cid), private(bob, cat)
		bobCat, catBob := lines(t, bob, cat)
		canChat := func(what string, want bool) {
			t.Helper()
			var card map[string]any
			path := fmt.Sprint("/api/user/info/", cat.UserID)
			if err := bob.Call(ctx(t), http.MethodGet, path, nil, &card); err != nil || card["canChat"] != want || card["isFriend"] != false || card["isOnline"] != false {
				t.Errorf("%s: the card is %v, %v", what, card, err)
			}
		}
		bobCat.answers(t, "the switch is off", 40002)
		canChat("off", false)
		_, err := bob.Session(ctx(t), pair)
		wantCode(t, "nothing was said", err, 40001)

		setTemporary(t, ann, group, true)
		canChat("on", true)
		hello := put(t, bob, pair, "by its id", client.Text("hello, Cat"))
		d, err := catBob.socket.NextMessage(ctx(t))
		if err != nil || d.Message.ID != hello.MsgID || d.Message.SendUser.UserID != bob.UserID || d.Message.ConversationID != pair || d.Conversation.Unread != 1 {
			t.Errorf("cat hears %+v, %v", d, err)
		}
		bobCat.answers(t, "on", 0)
		catBob.answers(t, "she answers", 0)
		for who, peer := range map[*client.Client]*client.Client{bob: cat, cat: bob} {
			list, err := who.Sessions(ctx(t))
			found := false
			for _, c := range list.List {
				found = found || c.ConversationID == pair && c.Type == 1 && c.Target.UserID == peer.UserID && c.Target.Title == peer.Nickname
			}
			if err != nil || !found {
				t.Errorf("the list of %d: %+v, %v", who.UserID, list, err)
			}
			equal(t, client.NewDevice(who), pair)
		}
		if _, _, err := cat.React(ctx(t), hello.MsgID, "👍", true); err != nil {
			t.Errorf("a reaction: %v", err)
		}
		if _, err := bob.Edit(ctx(t), hello.MsgID, client.Text("hello, dear Cat")); err != nil {
			t.Errorf("an edit: %v", err)
		}
		f, content := upload(t, bob, "for cat.pdf", "between the two")
		last := put(t, bob, pair, "file", fileBody(f))
		reads(t, "a file", f, content, map[string]*client.Client{"ann": ann, "bob": bob, "cat": cat, "eve": eve}, "bob", "cat")

		var typing client.Typing
		must(t, "typing", bobCat.socket.Type(ctx(t), pair, "text", true))
		if event(t, catBob.socket, "typing", &typing); typing.UserID != bob.UserID || typing.ConversationID != pair {
			t.Errorf("typing: %+v", typing)
		}
		if _, _, err := cat.Read(ctx(t), pair, last.Seq); err != nil {
			t.Fatal(err)
		}
		var read struct {
			ConversationID string `json:"conversationId"`
			UserID         uint64 `json:"userId"`
		}
		if event(t, bobCat.socket, "read", &read); read.UserID != cat.UserID || read.ConversationID != pair {
			t.Errorf("read: %+v", read)
		}
		if states, err := bobCat.socket.Subscribe(ctx(t), cat.UserID); err != nil || len(states) != 1 || states[0].IsOnline {
			t.Errorf("no presence: %+v, %v", states, err)
		}
		said := say(t, ann, private(ann, bob), "for whom it may concern")
		forward := func(n int) int {
			t.Helper()
			r, err := bob.Forward(ctx(t), client.ForwardRequest{
				IDList: []uint64{said.MsgID}, Targets: []string{pair}, Mode: "each", ClientMsgIDs: []string{fmt.Sprint("f", n)},
			})
			if err != nil || len(r.List) != 1 {
				t.Fatalf("%+v, %v", r, err)
			}
			return r.List[0].Code
		}
		if code := forward(1); code != 0 {
			t.Errorf("a forward: %d", code)
		}
		_, err = eve.Send(ctx(t), text(cat, "x", "and me?"))
		wantCode(t, "who is not in the group", err, 40002)

		must(t, "block", block(t, cat, bob.UserID))
		bobCat.answers(t, "she blocks him", 40003)
		catBob.answers(t, "who blocks may write", 0)
		must(t, "unblock", unblock(t, cat, bob.UserID))
		bobCat.answers(t, "no more", 0)

		setTemporary(t, ann, group, false)
		bobCat.answers(t, "off again", 40002)
		catBob.answers(t, "off again", 40002)
		canChat("off again", false)
		if code := forward(2); code != 40002 {
			t.Errorf("a forward when it is off: %d", code)
		}
		_, _, err = cat.React(ctx(t), hello.MsgID, "🎉", true)
		wantCode(t, "a reaction when it is off", err, 40002)
		must(t, "block", block(t, cat, bob.UserID))
		bobCat.answers(t, "strangers are not told of a block", 40002)
		must(t, "unblock", unblock(t, cat, bob.UserID))
		for _, who := range []*client.Client{bob, cat} {
			if all, err := who.All(ctx(t), pair); err != nil || len(all) < 10 {
				t.Errorf("%d reads %d messages, %v", who.UserID, len(all), err)
			}
			if c, err := who.Session(ctx(t), pair); err != nil || c.PeerReadSeq != 0 {
				t.Errorf("%d is told of reads: %+v, %v", who.UserID, c, err)
			}
		}

		setTemporary(t, ann, group, true)
		bobCat.answers(t, "on once more", 0)
		must(t, "quit", cat.Quit(ctx(t), group))
		bobCat.answers(t, "she has left", 40002)
		catBob.answers(t, "she has left", 40002)
		bringIn(t, ann, group, cat)
		catBob.answers(t, "she is back", 0)
		must(t, "befriend", bob.Befriend(ctx(t), cat))
		setTemporary(t, ann, group, false)
		bobCat.answers(t, "friends need no group", 0)
		must(t, "unfriend", unfriend(t, bob, cat.UserID))
		catBob.answers(t, "friends no more", 40002)
	})
}

// A block holds before two have ever written to each other.
func TestABlockOfAStrangerInAGroup(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob, cat, _, cid := circle(t, s)
		bobCat, catBob := lines(t, bob, cat)
		must(t, "block", block(t, cat, bob.UserID))
		setTemporary(t, ann, number(t, cid), true)
		bobCat.answers(t, "she blocks him", 40003)
		_, err := bob.Session(ctx(t), private(bob, cat))
		wantCode(t, "nothing was said", err, 40001)
		catBob.answers(t, "who blocks may write", 0)
	})
}

// While nobody can say who is in a group only strangers' sends wait for it.
func TestTemporarySessionsWithoutGroups(t *testing.T) {
	if testing.Short() {
		t.Skip("needs a suite of its own")
	}
	s := own(t, suite.Many, 1)
	ann, bob, cat, eve, cid := circle(t, s)
	group, pair := number(t, cid), private(bob, cat)
	setTemporary(t, ann, group, true)
	hello := say(t, bob, pair, "hello")
	for _, p := range s.Half("group_rpc") {
		p.Kill()
	}
	_, err := bob.Send(ctx(t), text(cat, "1", "still there?"))
	wantCode(t, "in a temporary session", err, 10010)
	_, err = eve.Send(ctx(t), text(cat, "1", "hello"))
	wantCode(t, "a stranger", err, 10010)
	say(t, ann, private(ann, bob), "friends go on")
	if all, err := cat.All(ctx(t), pair); err != nil || len(all) != 1 || all[0].ID != hello.MsgID {
		t.Errorf("what was said: %+v, %v", all, err)
	}
}
