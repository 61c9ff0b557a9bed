package e2e

import (
	"fmt"
	"testing"

	"tudoIM/test/client"
	"tudoIM/test/suite"
)

func set(t *testing.T, c *client.Client, change object) {
	t.Helper()
	_, err := setConf(t, c, change)
	must(t, "settings", err)
}

// TestReceiptsAreGivenUpBothWays has each of two friends want no read receipts,
// then both, then neither.
func TestReceiptsAreGivenUpBothWays(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob := friends(t, s)
		carl := register(t, s, 0)
		must(t, "befriend", carl.Befriend(ctx(t), bob))
		cid := private(ann, bob)
		onAnn, onBob := dial(t, ann), dial(t, bob)
		const total = 6
		for n := range total {
			say(t, bob, cid, fmt.Sprint("message ", n))
		}
		for n, c := range []struct {
			name     string
			ann, bob bool
		}{
			{"both want them, as everybody at first", true, true},
			{"who reads wants none", false, true},
			{"neither wants them", false, false},
			{"who is read wants none", true, false},
			{"both want them again", true, true},
		} {
			if n > 0 { // what everybody has at first is not set
				set(t, ann, map[string]any{"readReceipt": c.ann})
				set(t, bob, map[string]any{"readReceipt": c.bob})
			}
			seq := uint64(n) + 1
			if got, unread, err := ann.Read(ctx(t), cid, seq); err != nil || got != seq || unread != total-seq {
				t.Errorf("%s: she has read up to %d, %d are left, %v", c.name, got, unread, err)
			}
			var own struct {
				ReadSeq uint64 `json:"readSeq"`
				Unread  uint64 `json:"unread"`
			}
			if event(t, onAnn, "readSelf", &own); own.ReadSeq != seq || own.Unread != total-seq {
				t.Errorf("%s: her other devices are told %+v", c.name, own)
			}
			if c.ann && c.bob {
				var read struct {
					ReadSeq uint64 `json:"readSeq"`
				}
				if event(t, onBob, "read", &read); read.ReadSeq != seq {
					t.Errorf("%s: he is told %+v", c.name, read)
				}
				peerRead(t, c.name, bob, cid, seq)
				peerRead(t, c.name+", of him", ann, cid, total)
				continue
			}
			peerRead(t, c.name, bob, cid, 0)
			peerRead(t, c.name+", of him", ann, cid, 0)
			say(t, carl, private(bob, carl), c.name)
			quiet(t, c.name, onBob, c.name, "read")
		}
	})
}

// TestAnOpenSocketFollowsFriendOnline has the setting changed while friends
// come and go.
func TestAnOpenSocketFollowsFriendOnline(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob := friends(t, s)
		carl := register(t, s, 0)
		must(t, "befriend", carl.Befriend(ctx(t), ann))
		must(t, "befriend", carl.Befriend(ctx(t), bob))
		onAnn := dial(t, ann)
		onBob := dial(t, bob)
		shown(t, "at first", onAnn, bob, true)
		onCarl := dial(t, carl)
		shown(t, "at first", onAnn, carl, true)
		set(t, ann, map[string]any{"friendOnline": false})
		var changed struct {
			FriendOnline *bool `json:"friendOnline"`
		}
		if event(t, onAnn, "confUpdated", &changed); changed.FriendOnline == nil || *changed.FriendOnline {
			t.Errorf("confUpdated: %+v", changed)
		}
		left := map[uint64]bool{bob.UserID: true, carl.UserID: true}
		for range 2 { // in any order
			p, err := onAnn.NextPresence(ctx(t))
			if err != nil || !left[p.UserID] || p.IsOnline || p.LastSeenAt != 0 {
				t.Errorf("of whom she is told no more: %+v, %v", p, err)
			}
			delete(left, p.UserID)
		}
		onBob.Close()
		for gone := false; !gone; {
			p, err := onCarl.NextPresence(ctx(t))
			must(t, "carl is told that bob goes", err)
			gone = p.UserID == bob.UserID && !p.IsOnline
		}
		say(t, carl, private(ann, carl), "he has gone")
		quiet(t, "who wants to hear of nobody", onAnn, "he has gone", "presence")
		set(t, ann, map[string]any{"friendOnline": true})
		shown(t, "switched on again", onAnn, carl, true)
	})
}
