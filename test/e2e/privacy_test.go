package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"testing"

	"tudoIM/test/client"
	"tudoIM/test/suite"
)

// shown fails unless on is told next that who is online, or that who looks as
// somebody who was never there.
func shown(t *testing.T, what string, on *client.Socket, who *client.Client, online bool) {
	t.Helper()
	p, err := on.NextPresence(ctx(t))
	if err != nil || p.UserID != who.UserID || p.IsOnline != online || slices.Equal(p.Platforms, []string{"web"}) != online || (p.LastSeenAt != 0) != online {
		t.Fatalf("%s: %+v, %v, want that %d is online: %v", what, p, err, who.UserID, online)
	}
}

// quiet fails if anything called by one of names came to on before the message
// content, which it waits for.
func quiet(t *testing.T, what string, on *client.Socket, content string, names ...string) {
	t.Helper()
	eventually(t, what, func(context.Context) error {
		for _, e := range on.Events() {
			var m client.Delivery
			if slices.Contains(names, e.Event) {
				t.Errorf("%s: told %s %s", what, e.Event, e.Data)
			}
			if e.Event == "message" && json.Unmarshal(e.Data, &m) == nil && m.Message.Content() == content {
				return nil
			}
		}
		return fmt.Errorf("%q has not come", content)
	})
}

// TestFriendsAreHeardOfUnasked has friends of an open socket come, part and
// meet again.
func TestFriendsAreHeardOfUnasked(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob := friends(t, s)
		carl, eve := register(t, s, 1), register(t, s, 1)
		onAnn, onEve := dial(t, ann), dial(t, eve)
		onBob := dial(t, bob)
		shown(t, "a friend comes", onAnn, bob, true)
		shown(t, "a friend was there", onBob, ann, true)
		onBob.Close()
		if p, err := onAnn.NextPresence(ctx(t)); err != nil || p.UserID != bob.UserID || p.IsOnline || p.LastSeenAt == 0 {
			t.Errorf("a friend goes: %+v, %v", p, err)
		}
		onCarl := dial(t, carl)
		must(t, "befriend", carl.Befriend(ctx(t), ann))
		shown(t, "a new friend", onAnn, carl, true)
		shown(t, "a new friend of the other", onCarl, ann, true)
		for _, c := range []struct {
			name        string
			part, again func() error
		}{
			{"she blocks", func() error { return block(t, ann, carl.UserID) }, func() error { return unblock(t, ann, carl.UserID) }},
			{"he blocks", func() error { return block(t, carl, ann.UserID) }, func() error { return unblock(t, carl, ann.UserID) }},
			{"she ends it", func() error { return unfriend(t, ann, carl.UserID) }, func() error { return ann.Befriend(ctx(t), carl) }},
		} {
			must(t, c.name, c.part())
			shown(t, c.name, onAnn, carl, false)
			shown(t, c.name, onCarl, ann, false)
			must(t, c.name+" no more", c.again())
			shown(t, c.name+" no more", onAnn, carl, true)
			shown(t, c.name+" no more", onCarl, ann, true)
		}
		for _, e := range onEve.Events() {
			t.Errorf("a stranger is told %+v", e)
		}
	})
}

// peerRead fails unless c is told, in a conversation, its lists and its syncs,
// that the other has read up to seq.
func peerRead(t *testing.T, what string, c *client.Client, cid string, seq uint64) {
	t.Helper()
	one, err := c.Session(ctx(t), cid)
	must(t, what, err)
	list, err := c.Sessions(ctx(t))
	must(t, what, err)
	synced, err := c.Sync(ctx(t), 1, client.Point{ID: cid})
	must(t, what, err)
	start := ""
	snapshot, err := c.SyncFrom(ctx(t), client.SyncRequest{UserVer: &start})
	must(t, what, err)
	got := []uint64{one.PeerReadSeq, synced[0].PeerReadSeq}
	for _, l := range append(list.List, snapshot.UserChanges.Conversations...) {
		if l.ConversationID == cid {
			got = append(got, l.PeerReadSeq)
		}
	}
	if !slices.Equal(got, []uint64{seq, seq, seq, seq}) {
		t.Errorf("%s: the other has read up to %v, want %d", what, got, seq)
	}
}

// TestWhatIsKnownOfSomebodyWhoBlocks has one of two friends block the other,
// and then end the friendship: what was said stays, and nothing new is known.
func TestWhatIsKnownOfSomebodyWhoBlocks(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob := friends(t, s)
		carl := register(t, s, 0)
		must(t, "befriend", carl.Befriend(ctx(t), ann))
		must(t, "befriend", carl.Befriend(ctx(t), bob))
		cid := private(ann, bob)
		onAnn, onBob, onCarl := dial(t, ann), dial(t, bob), dial(t, carl)
		for n := range 4 {
			say(t, bob, cid, fmt.Sprint("are you there? ", n))
		}
		types := func(on *client.Socket, cid string) { must(t, "typing", on.Type(ctx(t), cid, "text", true)) }
		reads := func(seq uint64) {
			if got, unread, err := ann.Read(ctx(t), cid, seq); err != nil || got != seq || unread != 4-seq {
				t.Errorf("she has read up to %d, %d are left, %v", got, unread, err)
			}
		}
		var read struct {
			ReadSeq uint64 `json:"readSeq"`
		}
		reads(1)
		if event(t, onBob, "read", &read); read.ReadSeq != 1 {
			t.Errorf("read: %+v", read)
		}
		peerRead(t, "friends", bob, cid, 1)
		types(onAnn, cid)
		types(onBob, cid)
		for _, on := range []*client.Socket{onAnn, onBob} {
			var typing client.Typing
			event(t, on, "typing", &typing)
		}

		must(t, "block", block(t, ann, bob.UserID))
		twins := []*client.Socket{dial(t, ann), dial(t, bob)} // who may say again that they type
		reads(2)
		if _, err := onBob.Send(ctx(t), text(ann, "blocked", "hello?")); client.Code(err) != 40003 {
			t.Errorf("a send of who is blocked: %v", err)
		}
		peerRead(t, "she blocks", bob, cid, 0)
		peerRead(t, "she blocks, to herself", ann, cid, 0)
		for n, on := range twins {
			types(on, cid)
			// Behind it, on the same way, what is heard.
			types(on, private(carl, []*client.Client{ann, bob}[n]))
			var typing client.Typing
			event(t, onCarl, "typing", &typing)
		}
		say(t, carl, private(ann, carl), "hello, Ann")
		say(t, carl, private(bob, carl), "hello, Bob")
		quiet(t, "ann, who blocks", onAnn, "hello, Ann", "typing", "read")
		quiet(t, "bob, who is blocked", twins[1], "hello, Bob", "typing", "read")

		// As somebody who is not there, to who is blocked, and to a stranger then.
		var card struct {
			IsOnline bool `json:"isOnline"`
			IsFriend bool `json:"isFriend"`
			IsBlack  bool `json:"isBlack"`
		}
		sees := func(what string, friend bool) {
			t.Helper()
			err := bob.Call(ctx(t), http.MethodGet, fmt.Sprint("/api/user/info/", ann.UserID), nil, &card)
			if err != nil || card.IsOnline || card.IsFriend != friend || card.IsBlack {
				t.Errorf("%s: the card is %+v, %v", what, card, err)
			}
			if p, err := onBob.Subscribe(ctx(t), ann.UserID); err != nil || len(p) != 1 || p[0].IsOnline || len(p[0].Platforms) != 0 || p[0].LastSeenAt != 0 {
				t.Errorf("%s: presence is %+v, %v", what, p, err)
			}
			if found, err := bob.Search(ctx(t), ann.Name); err != nil || len(found) != 0 {
				t.Errorf("%s: search finds %+v, %v", what, found, err)
			}
			if all, err := bob.All(ctx(t), cid); err != nil || len(all) != 4 {
				t.Errorf("%s: of 4 messages %d are there, %v", what, len(all), err)
			}
		}
		sees("blocked", true)
		must(t, "unfriend", unfriend(t, ann, bob.UserID))
		sees("blocked, and no friend", false)
		reads(3)
		peerRead(t, "no friends", bob, cid, 0)
		_, _, err := bob.AddFriend(ctx(t), ann.UserID, "hi")
		wantCode(t, "a request to who blocks", err, 31003)
		must(t, "unblock", unblock(t, ann, bob.UserID))
		peerRead(t, "no friends, and no block", bob, cid, 0)
		must(t, "befriend again", ann.Befriend(ctx(t), bob))
		reads(4)
		if event(t, onBob, "read", &read); read.ReadSeq != 4 {
			t.Errorf("read: %+v", read)
		}
		peerRead(t, "friends again", bob, cid, 4)
	})
}
