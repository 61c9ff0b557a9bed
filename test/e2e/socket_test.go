package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"tudoIM/test/client"
	"tudoIM/test/suite"
)

// TestASocketEndsWithItsToken needs tokens that end soon.
func TestASocketEndsWithItsToken(t *testing.T) {
	t.Parallel()
	const seconds = 20
	for name, mode := range suite.Modes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := ownOf(t, suite.Config{Mode: mode, Env: []string{fmt.Sprintf("TUDO_ACCESS_SECONDS=%d", seconds)}})
			ann, bob := register(t, s, 0), register(t, s, 0)
			first := ann.AccessToken
			begin := time.Now()
			plain, renewed := dial(t, ann), dial(t, ann)
			ticket, err := ann.Ticket(ctx(t))
			if err != nil {
				t.Fatal(err)
			}
			byTicket, err := ann.DialTicket(ctx(t), ticket)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(byTicket.Close)

			_, err = renewed.Auth(ctx(t), bob.AccessToken)
			wantCode(t, "another user's token", err, 10002)
			_, err = renewed.Auth(ctx(t), ann.RefreshToken)
			wantCode(t, "no access token", err, 10002)
			other := client.New(ann.Base)
			other.Device = "another"
			if err := other.Login(ctx(t), ann.Name, password); err != nil {
				t.Fatal(err)
			}
			_, err = renewed.Auth(ctx(t), other.AccessToken)
			wantCode(t, "another device's token", err, 10002)

			// One socket is renewed again and again, until the others have ended.
			tick := time.NewTicker(time.Second)
			defer tick.Stop()
			for ended := false; !ended; {
				select {
				case <-plain.Done():
					ended = true
				case <-tick.C:
					if err := ann.Refresh(ctx(t)); err != nil {
						t.Fatal(err)
					}
					if left, err := renewed.Auth(ctx(t), ann.AccessToken); err != nil || left <= 0 || left > seconds {
						t.Fatalf("auth: %d s, %v", left, err)
					}
				case <-ctx(t).Done():
					t.Fatal("the socket lives on")
				}
			}
			if took := time.Since(begin); took > (seconds+30)*time.Second {
				t.Errorf("it ended after %v", took)
			}
			<-byTicket.Done()
			for name, err := range map[string]error{"by token": plain.Err(), "by ticket": byTicket.Err()} {
				if got := client.CloseCode(err); got != 4003 {
					t.Errorf("%s: closed with %d, %v", name, got, err)
				}
			}
			if err := renewed.Do(ctx(t), "ping", nil, nil); err != nil {
				t.Errorf("the renewed one: %v", err)
			}
			_, err = renewed.Auth(ctx(t), first)
			wantCode(t, "the token of before", err, 10003)
			if err := ann.Logout(ctx(t), false); err != nil {
				t.Fatal(err)
			}
			if _, err := renewed.Next(ctx(t), "kick"); err != nil {
				t.Errorf("after the logout: %v", err)
			}
		})
	}
}

// isOnline is how c sees a friend in the list of friends.
func isOnline(t *testing.T, c, friend *client.Client) bool {
	t.Helper()
	var out struct {
		List []struct {
			UserID   uint64 `json:"userId"`
			IsOnline bool   `json:"isOnline"`
		} `json:"list"`
	}
	if err := c.Call(ctx(t), http.MethodGet, "/api/user/friends?limit=100", nil, &out); err != nil {
		t.Fatal(err)
	}
	for _, f := range out.List {
		if f.UserID == friend.UserID {
			return f.IsOnline
		}
	}
	t.Fatalf("%d is no friend of %d", friend.UserID, c.UserID)
	return false
}

// TestFriendsComeAndGo has a friend watched, from another node than the
// friend's, and a stranger, of whom nothing is told.
func TestFriendsComeAndGo(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob := friends(t, s)
		carl, eve := register(t, s, 1), register(t, s, 1)
		if err := ann.Befriend(ctx(t), carl); err != nil {
			t.Fatal(err)
		}
		onAnn, onEve := dial(t, ann), dial(t, eve)
		list, err := onAnn.Subscribe(ctx(t), bob.UserID, eve.UserID, 1<<50, carl.UserID)
		if err != nil || len(list) != 4 {
			t.Fatalf("%+v, %v", list, err)
		}
		for i, id := range []uint64{bob.UserID, eve.UserID, 1 << 50, carl.UserID} {
			if p := list[i]; p.UserID != id || p.IsOnline || p.Platforms == nil || len(p.Platforms) > 0 || p.LastSeenAt != 0 {
				t.Errorf("at first: %+v", p)
			}
		}
		told := func(who *client.Client, online bool) client.Presence {
			t.Helper()
			p, err := onAnn.NextPresence(ctx(t))
			if err != nil || p.UserID != who.UserID || p.IsOnline != online || slices.Equal(p.Platforms, []string{"web"}) != online {
				t.Fatalf("%+v, %v, want that %d is online: %v", p, err, who.UserID, online)
			}
			return p
		}
		onBob := dial(t, bob)
		told(bob, true)
		if !isOnline(t, ann, bob) {
			t.Error("bob is not online in the list of friends")
		}
		left := time.Now().Add(-time.Minute).UnixMilli() // clocks of one machine, with room
		onBob.Close()
		if p := told(bob, false); p.LastSeenAt < left {
			t.Errorf("bob was last seen at %d", p.LastSeenAt)
		}
		if isOnline(t, ann, bob) {
			t.Error("bob is online in the list of friends")
		}
		// Bob is away for less than three seconds; carl's going shows when they
		// would have been over.
		onBob = dial(t, bob)
		told(bob, true)
		onCarl := dial(t, carl)
		told(carl, true)
		onBob.Close()
		bob.Base = ann.Base
		onBob = dial(t, bob)
		onCarl.Close()
		told(carl, false)
		onBob.Close()
		told(bob, false)
		if _, err := onEve.Subscribe(ctx(t), ann.UserID); err != nil {
			t.Fatal(err)
		}
		onAnn.Close()
		dial(t, ann)
		if events := onEve.Events(); len(events) > 0 {
			t.Errorf("a stranger is told %+v", events)
		}
	})
}

// TestTyping has one type, and a stranger who would like to.
func TestTyping(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob := friends(t, s)
		eve := register(t, s, 0)
		onAnn, twin, onBob, onEve := dial(t, ann), dial(t, ann), dial(t, bob), dial(t, eve)
		cid := private(ann, bob)
		for _, c := range []string{cid, private(eve, bob), "g_1"} {
			if err := onEve.Type(ctx(t), c, "text", true); err != nil {
				t.Errorf("a stranger in %s: %v", c, err)
			}
		}
		wantCode(t, "no kind", onAnn.Type(ctx(t), cid, "", true), 10001)
		wantCode(t, "no conversation", onAnn.Type(ctx(t), "p_1", "text", true), 10001)
		for _, on := range []bool{true, true, true, false} {
			if err := onAnn.Type(ctx(t), cid, "text", on); err != nil {
				t.Fatal(err)
			}
		}
		for _, on := range []bool{true, false} {
			var got client.Typing
			event(t, onBob, "typing", &got)
			if want := (client.Typing{ConversationID: cid, UserID: ann.UserID, Kind: "text", On: on}); got != want {
				t.Errorf("got %+v, want %+v", got, want)
			}
		}
		// In the background nothing of this is told, and messages are.
		if err := onBob.Do(ctx(t), "background", map[string]any{"on": true}, nil); err != nil {
			t.Fatal(err)
		}
		if err := twin.Type(ctx(t), cid, "voice", true); err != nil {
			t.Fatal(err)
		}
		if _, err := onAnn.Send(ctx(t), text(bob, "1", "hello")); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the message", func(context.Context) error {
			for _, e := range onBob.Events() {
				var m client.Delivery
				if e.Event == "typing" {
					t.Errorf("bob is told %s", e.Data)
				}
				if err := json.Unmarshal(e.Data, &m); err == nil && m.Message.Content() == "hello" {
					return nil
				}
			}
			return fmt.Errorf("not yet")
		})
		for who, on := range map[string]*client.Socket{"the typist": onAnn, "the typist's other device": twin, "the stranger": onEve} {
			for _, e := range on.Events() {
				if e.Event == "typing" {
					t.Errorf("%s is told %s", who, e.Data)
				}
			}
		}
	})
}
