package e2e

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tudoIM/test/client"
	"tudoIM/test/suite"
)

// another logs c's user in on one more device, on the i-th gateway.
func another(t *testing.T, s *suite.Suite, c *client.Client, i int) *client.Client {
	t.Helper()
	urls := s.URLs()
	other := client.New(urls[i%len(urls)])
	other.Device = fmt.Sprint("another-", i)
	if err := other.Login(ctx(t), c.Name, password); err != nil {
		t.Fatalf("login: %v", err)
	}
	return other
}

// device connects a device of c's session.
func device(t *testing.T, c *client.Client) *client.Device {
	t.Helper()
	d := client.NewDevice(c)
	if err := d.Connect(ctx(t)); err != nil {
		t.Fatalf("connect: %v", err)
	}
	t.Cleanup(d.Disconnect)
	return d
}

// hears waits until d, by events alone, knows cid as it should.
func hears(t *testing.T, d *client.Device, cid, what string, ok func(k *client.Known) bool) {
	t.Helper()
	eventually(t, what, func(c context.Context) error {
		if err := d.Apply(c); err != nil {
			return err
		}
		if k := d.Known[cid]; k == nil || !ok(k) {
			return fmt.Errorf("the device has %+v", k)
		}
		return nil
	})
}

// say sends a text of c to cid.
func say(t *testing.T, c *client.Client, cid, content string) client.Sent {
	t.Helper()
	return put(t, c, cid, content, client.Text(content))
}

// put sends a body of c to cid.
func put(t *testing.T, c *client.Client, cid, id string, body any) client.Sent {
	t.Helper()
	sent, err := c.Send(ctx(t), client.SendRequest{ConversationID: cid, ClientMsgID: id, Msg: body})
	if err != nil {
		t.Fatalf("send %s to %s: %v", id, cid, err)
	}
	return sent
}

// equal fails unless d, which syncs first, knows cid as the server does.
func equal(t *testing.T, d *client.Device, cid string) {
	t.Helper()
	if err := d.Sync(ctx(t)); err != nil {
		t.Fatalf("sync: %v", err)
	}
	same(t, d, cid)
}

// same fails unless d knows cid as the server does.
func same(t *testing.T, d *client.Device, cid string) {
	t.Helper()
	c, err := d.Session(ctx(t), cid)
	if err != nil {
		t.Fatal(err)
	}
	list, err := d.All(ctx(t), cid)
	if err != nil {
		t.Fatal(err)
	}
	if err := differs(d.Known, map[string]*client.Known{cid: serverKnown(c, list)}, true); err != nil {
		t.Error(err)
	}
}

// TestTwoDevicesOfOneUser does everything on one device; the other hears of it
// and asks for nothing.
func TestTwoDevicesOfOneUser(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob := friends(t, s)
		cid := private(ann, bob)
		one, two, his := device(t, ann), device(t, another(t, s, ann, 1)), device(t, bob)
		yes, no, draft := true, false, "what I was about to"
		try := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}

		sent, err := one.Socket.Send(ctx(t), text(bob, "1", "from one device"))
		try(err)
		hears(t, two, cid, "my own message", func(k *client.Known) bool {
			return k.Messages[1].ID == sent.MsgID && k.Messages[1].IsMe && k.Unread() == 0
		})
		say(t, bob, cid, "to both")
		say(t, bob, cid, "and again")
		hears(t, two, cid, "messages of another", func(k *client.Known) bool { return k.Seq == 3 && k.Unread() == 2 })
		var ack struct {
			ReadSeq     uint64 `json:"readSeq"`
			Unread      uint64 `json:"unread"`
			TotalUnread uint64 `json:"totalUnread"`
		}
		try(one.Socket.Do(ctx(t), "read", map[string]any{"conversationId": cid, "readSeq": 3}, &ack))
		if ack.ReadSeq != 3 || ack.Unread != 0 || ack.TotalUnread != 0 {
			t.Errorf("read: %+v", ack)
		}
		hears(t, two, cid, "that I have read", func(k *client.Known) bool { return k.Unread() == 0 && k.ReadSeq == 3 })
		hears(t, his, cid, "that she has read", func(k *client.Known) bool { return k.PeerReadSeq == 3 })
		for what, c := range map[string]struct {
			set   client.Setting
			heard func(k *client.Known) bool
		}{
			"the top":  {client.Setting{IsTop: &yes}, func(k *client.Known) bool { return k.IsTop }},
			"the mute": {client.Setting{IsMuted: &yes}, func(k *client.Known) bool { return k.IsMuted }},
			"a draft":  {client.Setting{Draft: &draft}, func(k *client.Known) bool { return k.Draft == draft }},
		} {
			_, err := one.Set(ctx(t), cid, c.set)
			try(err)
			hears(t, two, cid, what, c.heard)
		}
		try(one.Top(ctx(t), bob.UserID, false))
		hears(t, two, cid, "no top", func(k *client.Known) bool { return !k.IsTop })
		n, err := one.MarkUnread(ctx(t), cid)
		try(err)
		if n != 1 {
			t.Errorf("marked: unread %d", n)
		}
		hears(t, two, cid, "the mark", func(k *client.Known) bool { return k.Unread() == 1 })
		same(t, two, cid)
		_, _, err = one.Read(ctx(t), cid, 3)
		try(err)
		hears(t, two, cid, "no mark", func(k *client.Known) bool { return k.Unread() == 0 })

		try(one.Socket.Do(ctx(t), "delete", map[string]any{"idList": []uint64{sent.MsgID}}, nil))
		hears(t, two, cid, "what I have deleted", func(k *client.Known) bool { return k.Deleted[1] && len(k.Messages) == 2 })
		if err := his.Apply(ctx(t)); err != nil || his.Known[cid].Messages[1].ID != sent.MsgID {
			t.Errorf("bob's own copy: %+v, %v", his.Known[cid].Messages[1], err)
		}
		same(t, two, cid)
		try(one.Hide(ctx(t), cid, true))
		hears(t, two, cid, "that it is cleared", func(k *client.Known) bool { return len(k.Messages) == 0 && k.Hidden() })
		same(t, two, cid)
		if list, err := ann.Sessions(ctx(t)); err != nil || len(list.List) != 0 {
			t.Errorf("hidden: %+v, %v", list, err)
		}
		say(t, bob, cid, "after it was cleared")
		hears(t, two, cid, "that it is back", func(k *client.Known) bool { return len(k.Messages) == 1 && !k.Hidden() && k.Unread() == 1 })
		_, err = one.Set(ctx(t), cid, client.Setting{Hidden: &yes})
		try(err)
		hears(t, two, cid, "that it is hidden", (*client.Known).Hidden)
		_, err = one.Set(ctx(t), cid, client.Setting{Hidden: &no})
		try(err)
		hears(t, two, cid, "that it is shown", func(k *client.Known) bool { return !k.Hidden() })
		for _, d := range []*client.Device{one, two, his} {
			hears(t, d, cid, "everything", func(k *client.Known) bool { return k.Seq == 4 })
			same(t, d, cid)
		}
	})
}

// TestOpsOfTheSocket changes messages over the socket.
func TestOpsOfTheSocket(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob := friends(t, s)
		cid := private(ann, bob)
		on, his := dial(t, ann), device(t, bob)
		first, second, third := say(t, ann, cid, "first"), say(t, ann, cid, "second"), say(t, ann, cid, "third")
		for n, op := range []struct {
			name string
			data map[string]any
			ver  uint64
		}{
			{"edit", map[string]any{"msgId": first.MsgID, "msg": client.Text("first, mended")}, 4},
			{"react", map[string]any{"msgId": first.MsgID, "emoji": "👍", "on": true}, 5},
			{"recall", map[string]any{"msgId": second.MsgID}, 6},
			{"delete", map[string]any{"idList": []uint64{third.MsgID}, "both": true}, 7},
		} {
			var ack struct {
				Ver     uint64 `json:"ver"`
				Deleted int    `json:"deleted"`
			}
			if err := on.Do(ctx(t), op.name, op.data, &ack); err != nil || ack.Ver != op.ver && ack.Deleted != 1 {
				t.Errorf("%s: %+v, %v", op.name, ack, err)
			}
			hears(t, his, cid, op.name, func(k *client.Known) bool { return k.Ver == uint64(n)+4 })
		}
		same(t, his, cid)
		if m := his.Known[cid].Messages; m[1].Content() != "first, mended" || m[1].EditedAt == 0 || len(m[1].Reactions) != 1 || m[2].Status != 1 || m[3].Status != 4 {
			t.Errorf("bob has %+v", m)
		}
		var synced client.SyncAnswer
		empty := ""
		if err := on.Do(ctx(t), "sync", client.SyncRequest{UserVer: &empty, Conversations: []client.Point{{ID: cid}}}, &synced); err != nil ||
			!synced.Snapshot || synced.UserVer == "" || len(synced.UserChanges.Conversations) != 1 || len(synced.Conversations) != 1 ||
			len(synced.Conversations[0].Messages) != 3 {
			t.Errorf("sync: %+v, %v", synced, err)
		}
		wantCode(t, "recall of nothing", on.Do(ctx(t), "recall", map[string]any{"msgId": 0}, nil), 40011)
		wantCode(t, "an op without data", on.Do(ctx(t), "recall", nil, nil), 10001)
	})
}

// TestAbsence is a device that was away while much happened: one sync is
// enough.
func TestAbsence(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		const messages, window = 500, 20
		ann, bob := friends(t, s)
		cid := private(ann, bob)
		his := device(t, bob)
		old := say(t, ann, cid, "before he left")
		hears(t, his, cid, "what came before", func(k *client.Known) bool { return k.Seq == 1 })
		his.Disconnect()

		on := dial(t, ann)
		acks := make([]*client.Pending, messages)
		sent := make([]client.Sent, messages)
		wait := func(n int) {
			t.Helper()
			if err := acks[n].Wait(ctx(t), &sent[n]); err != nil || sent[n].Seq != uint64(n)+2 {
				t.Fatalf("message %d: %+v, %v", n, sent[n], err)
			}
		}
		for n := range acks {
			if n >= window {
				wait(n - window)
			}
			var err error
			if acks[n], err = on.Start("send", text(bob, fmt.Sprint("m-", n), fmt.Sprint("message ", n))); err != nil {
				t.Fatal(err)
			}
		}
		for n := messages - window; n < messages; n++ {
			wait(n)
		}
		ids := []uint64{old.MsgID, sent[3].MsgID, sent[250].MsgID, sent[498].MsgID, sent[499].MsgID}
		if list, err := ann.RecallAll(ctx(t), ids...); err != nil || len(list) != 5 || slices.ContainsFunc(list, func(r client.Recalled) bool { return r.Code != 0 || r.Ver == 0 }) {
			t.Fatalf("recalls: %+v, %v", list, err)
		}
		for _, n := range []int{0, 400} {
			if _, err := ann.Edit(ctx(t), sent[n].MsgID, client.Text(fmt.Sprint("edited ", n))); err != nil {
				t.Fatal(err)
			}
		}
		equal(t, his, cid)
		k := his.Known[cid]
		if k.Seq != messages+1 || k.Ver != messages+1+5+2 || k.Messages[1].Status != 1 || k.Messages[1].Content() != "" ||
			k.Messages[402].Content() != "edited 400" || k.Unread() != messages+1 {
			t.Errorf("after the sync: seq %d ver %d unread %d, %+v, %+v", k.Seq, k.Ver, k.Unread(), k.Messages[1], k.Messages[402])
		}

		// Small pages bring the same. What changed may come twice: as it is where
		// it was missing, and among what changed since the device left.
		at, seen := client.Point{ID: cid, Seq: 1, Ver: 1}, map[uint64]int{}
		for more := true; more; {
			page, err := bob.Sync(ctx(t), 7, at)
			if err != nil || len(page) != 1 || len(page[0].Messages) > 7 || len(page[0].Changed) > 7 {
				t.Fatalf("page from %+v: %d conversations, %v", at, len(page), err)
			}
			for _, m := range append(page[0].Messages, page[0].Changed...) {
				seen[m.Seq]++
			}
			at.Seq, at.Ver, more = page[0].NextSeq, page[0].NextVer, page[0].HasMore
		}
		for seq := uint64(1); seq <= messages+1; seq++ {
			if m := k.Messages[seq]; seen[seq] != 1 && (seen[seq] != 2 || m.Status == 0 && m.EditedAt == 0) {
				t.Errorf("small pages brought seq %d %d times", seq, seen[seq])
			}
		}

		// A userVer of another age, or of nobody: the device starts anew.
		for _, ver := range []string{"nonsense", forged("1.1.1"), forged("1.99999999999999.99999999999999"), forged("2.1.1"), "\x00"} {
			_, err := bob.SyncFrom(ctx(t), client.SyncRequest{UserVer: &ver})
			wantCode(t, fmt.Sprintf("userVer %q", ver), err, 40016)
		}
		his.UserVer = "nonsense"
		equal(t, his, cid)
	})
}

// forged is a userVer that the server never gave.
func forged(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

// TestReadOfThePeerIsLearnedLater is a device that was away when the other
// read: it finds that among what changed.
func TestReadOfThePeerIsLearnedLater(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob := friends(t, s)
		cid := private(ann, bob)
		hers := client.NewDevice(ann)
		say(t, ann, cid, "have you seen this?")
		equal(t, hers, cid)
		low, high := min(ann.UserID, bob.UserID), max(ann.UserID, bob.UserID)
		_, err := database(t, s).ExecContext(ctx(t), "UPDATE conversation_models SET active_at = active_at - 60000, last_at = last_at - 60000"+
			" WHERE low_user_id = ? AND high_user_id = ?", low, high)
		if err != nil {
			t.Fatal(err)
		}
		quiet, err := ann.SyncFrom(ctx(t), client.SyncRequest{UserVer: &hers.UserVer})
		if err != nil || len(quiet.UserChanges.Conversations) != 0 {
			t.Fatalf("a minute later: %+v, %v", quiet.UserChanges, err)
		}
		if _, _, err := bob.Read(ctx(t), cid, 1); err != nil {
			t.Fatal(err)
		}
		if err := hers.Sync(ctx(t)); err != nil || hers.Known[cid].PeerReadSeq != 1 {
			t.Errorf("ann knows that bob has read up to %d, %v", hers.Known[cid].PeerReadSeq, err)
		}
		same(t, hers, cid)
	})
}

// TestWindows takes back, deletes and edits just in time and just too late.
func TestWindows(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob := friends(t, s)
		cid := private(ann, bob)
		db := database(t, s)
		for _, c := range []struct {
			name    string
			do      func(id uint64) error
			seconds int64
			late    int
			told    string
		}{
			{"recall", func(id uint64) error { _, err := ann.Recall(ctx(t), id); return err }, 120, 40013, "120"},
			{"edit", func(id uint64) error { _, err := ann.Edit(ctx(t), id, client.Text("edited")); return err }, 900, 40013, "900"},
			{"delete for both", func(id uint64) error { _, err := ann.Delete(ctx(t), true, id); return err }, 120, 40014, ""},
		} {
			tooLate := say(t, ann, cid, c.name+", too late")
			age(t, db, tooLate.MsgID, (c.seconds+1)*1000)
			err := c.do(tooLate.MsgID)
			wantCode(t, c.name+", too late", err, c.late)
			var e *client.Error
			var data struct {
				WindowSeconds string `json:"windowSeconds"`
			}
			if errors.As(err, &e) && c.told != "" && (json.Unmarshal(e.Data, &data) != nil || data.WindowSeconds != c.told) {
				t.Errorf("%s, too late: data %s", c.name, e.Data)
			}
			if m, err := bob.Message(ctx(t), tooLate.MsgID); err != nil || m.Status != 0 || m.Content() != c.name+", too late" {
				t.Errorf("%s, too late: %+v, %v", c.name, m, err)
			}
			// One second is left for the call itself; where the machine took
			// longer, it says nothing and is done again.
			for n := 0; ; n++ {
				start := time.Now()
				inTime := say(t, ann, cid, fmt.Sprint(c.name, ", in time ", n))
				age(t, db, inTime.MsgID, (c.seconds-1)*1000)
				err := c.do(inTime.MsgID)
				if err != nil && time.Since(start) > 900*time.Millisecond && n < 20 {
					continue
				}
				if err != nil {
					t.Errorf("%s, in time: %v", c.name, err)
				}
				break
			}
		}
	})
}

// TestOneMessageOfFiftySends sends the same from two devices over all
// gateways at once.
func TestOneMessageOfFiftySends(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		const sends = 50
		ann, bob := friends(t, s)
		senders := []*client.Client{ann, another(t, s, ann, 1)}
		sockets := []*client.Socket{dial(t, senders[0]), dial(t, senders[1])}
		sent, errs := make([]client.Sent, sends), make([]error, sends)
		var wg sync.WaitGroup
		for n := range sends {
			wg.Go(func() {
				r := text(bob, "the one", fmt.Sprint("try ", n))
				if n%4 < 2 {
					sent[n], errs[n] = senders[n%2].Send(t.Context(), r)
				} else {
					sent[n], errs[n] = sockets[n%2].Send(t.Context(), r)
				}
			})
		}
		wg.Wait()
		first := 0
		for n := range sends {
			if errs[n] != nil || sent[n].MsgID != sent[0].MsgID || sent[n].Seq != 1 || sent[n].Ver != 1 {
				t.Errorf("send %d: %+v, %v", n, sent[n], errs[n])
			}
			if !sent[n].Dup {
				first++
			}
		}
		if first != 1 {
			t.Errorf("%d sends say that they were the first", first)
		}
		if all, err := bob.All(ctx(t), private(ann, bob)); err != nil || len(all) != 1 {
			t.Errorf("history: %+v, %v", all, err)
		}
		var rows int
		err := database(t, s).QueryRowContext(ctx(t), "SELECT COUNT(*) FROM chat_models WHERE send_user_id = ? AND rev_user_id = ?", ann.UserID, bob.UserID).Scan(&rows)
		if err != nil || rows != 1 {
			t.Errorf("%d rows, %v", rows, err)
		}
	})
}

// TestAnswersToWhatWasTakenBack recalls a message that others answer and
// quote: nowhere is it to be read any more.
func TestAnswersToWhatWasTakenBack(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob := friends(t, s)
		cid := private(ann, bob)
		const secret = "the cake is in the oven"
		origin := put(t, ann, cid, "origin", client.Text(secret))
		reply := put(t, bob, cid, "reply", client.Reply(origin.MsgID, "which cake?"))
		quote := put(t, bob, cid, "quote", client.Quote(origin.MsgID, "cake is in", "says who?"))
		for id, part := range map[uint64]string{reply.MsgID: "", quote.MsgID: "cake is in"} {
			m, err := ann.Message(ctx(t), id)
			r := m.Answer()
			if err != nil || r == nil || r.MsgID != origin.MsgID || r.UserID != ann.UserID || r.UserNickname != ann.Nickname ||
				r.Preview != secret || r.Part != part || r.Status != 0 {
				t.Errorf("before: %+v, %v", r, err)
			}
		}
		if _, err := ann.Recall(ctx(t), origin.MsgID); err != nil {
			t.Fatal(err)
		}
		if _, err := ann.Recall(ctx(t), origin.MsgID); err != nil {
			t.Errorf("recalled again: %v", err)
		}
		if _, err := ann.Pin(ctx(t), reply.MsgID, true); err != nil {
			t.Fatal(err)
		}
		list, err := ann.All(ctx(t), cid)
		if err != nil || len(list) != 3 || list[0].Status != 1 || list[0].MsgType != 8 || list[0].Content() != "" ||
			list[0].Msg.WithdrawMsg == nil || list[0].Msg.WithdrawMsg.UserID != ann.UserID {
			t.Fatalf("history: %+v, %v", list, err)
		}
		for _, m := range list[1:] {
			if r := m.Answer(); r == nil || r.Status != 1 || r.Part != "" || strings.Contains(r.Preview, "cake") || r.Preview == "" {
				t.Errorf("answer: %+v", r)
			}
		}
		empty := ""
		bundle, err := bob.Forward(ctx(t), client.ForwardRequest{
			IDList: []uint64{reply.MsgID, quote.MsgID}, Targets: []string{cid}, Mode: "merged", ClientMsgIDs: []string{"merged"},
		})
		if err != nil || len(bundle.MsgIDs) != 1 {
			t.Fatalf("forward of the answers: %+v, %v", bundle, err)
		}
		for path, in := range map[string]any{
			"/api/chat/history?conversationId=" + cid:             nil,
			"/api/chat/history?afterSeq=0&conversationId=" + cid:  nil,
			"/api/chat/history?aroundSeq=2&conversationId=" + cid: nil,
			fmt.Sprint("/api/chat/message/", quote.MsgID):         nil,
			"/api/chat/pins?conversationId=" + cid:                nil,
			"/api/chat/session":                                   nil,
			"/api/chat/session/" + cid:                            nil,
			fmt.Sprint("/api/chat/forward/", bundle.MsgIDs[0]):    nil,
			"/api/chat/sync":                                      client.SyncRequest{UserVer: &empty, Conversations: []client.Point{{ID: cid}}},
			"/api/chat/sync?changes":                              client.SyncRequest{Conversations: []client.Point{{ID: cid, Seq: 3, Ver: 1}}},
		} {
			method := http.MethodGet
			if in != nil {
				method = http.MethodPost
			}
			var out json.RawMessage
			if err := bob.Call(ctx(t), method, path, in, &out); err != nil || strings.Contains(string(out), "cake is in") {
				t.Errorf("%s: %.2000s, %v", path, out, err)
			}
		}
		_, err = bob.Bundle(ctx(t), origin.MsgID)
		wantCode(t, "the bundle of what was taken back", err, 40011)
		_, err = bob.Send(ctx(t), client.SendRequest{ConversationID: cid, ClientMsgID: "late", Msg: client.Reply(origin.MsgID, "too late")})
		wantCode(t, "an answer to what was taken back", err, 40007)
	})
}

// TestRepeatOfAnAnswerTellsNothing sends an answer again after what it answers
// was taken back: it gets its first answer, and nobody hears what is gone.
func TestRepeatOfAnAnswerTellsNothing(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob := friends(t, s)
		cid := private(ann, bob)
		origin := put(t, ann, cid, "origin", client.Text("a secret"))
		reply := client.SendRequest{ConversationID: cid, ClientMsgID: "reply", Msg: client.Quote(origin.MsgID, "secret", "really?")}
		first, err := bob.Send(ctx(t), reply)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ann.Recall(ctx(t), origin.MsgID); err != nil {
			t.Fatal(err)
		}
		on := dial(t, ann)
		if again, err := bob.Send(ctx(t), reply); err != nil || !again.Dup || again.MsgID != first.MsgID {
			t.Fatalf("again: %+v, %v", again, err)
		}
		last := say(t, bob, cid, "after that")
		for heard := uint64(0); heard != last.MsgID; {
			e, err := on.Next(ctx(t), "message")
			var d client.Delivery
			if err != nil || json.Unmarshal(e.Data, &d) != nil || strings.Contains(string(e.Data), "secret") {
				t.Fatalf("heard %s, %v", e.Data, err)
			}
			heard = d.Message.ID
		}
	})
}

// TestPipelinedSendsKeepTheirOrder does not wait for acks.
func TestPipelinedSendsKeepTheirOrder(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		const messages = 120
		ann, bob := friends(t, s)
		group, err := ann.CreateGroup(ctx(t), "two of us", bob.UserID)
		if err != nil {
			t.Fatal(err)
		}
		on, his := dial(t, ann), dial(t, bob)
		places := []string{private(ann, bob), fmt.Sprint("g_", group)}
		acks := map[string][]*client.Pending{}
		for n := range messages {
			for _, cid := range places {
				p, err := on.Start("send", client.SendRequest{ConversationID: cid, ClientMsgID: fmt.Sprint(n), Msg: client.Text(fmt.Sprint(n))})
				if err != nil {
					t.Fatal(err)
				}
				acks[cid] = append(acks[cid], p)
			}
		}
		for cid, list := range acks {
			for n, p := range list {
				var sent client.Sent
				if err := p.Wait(ctx(t), &sent); err != nil || sent.Seq != uint64(n)+1 {
					t.Fatalf("%s, message %d: %+v, %v", cid, n, sent, err)
				}
			}
		}
		next := map[string]uint64{}
		for range messages * len(places) {
			d, err := his.NextMessage(ctx(t))
			if err != nil {
				t.Fatal(err)
			}
			cid := d.Message.ConversationID
			if next[cid]++; d.Message.Seq != next[cid] || d.Message.Content() != fmt.Sprint(next[cid]-1) || d.Conversation.MaxSeq < d.Message.Seq {
				t.Fatalf("%s: heard seq %d %q, want seq %d", cid, d.Message.Seq, d.Message.Content(), next[cid])
			}
		}
	})
}

// TestNotesToSelf is a conversation with nobody else.
func TestNotesToSelf(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann := register(t, s, 0)
		cid := private(ann, ann)
		one, two := device(t, ann), device(t, another(t, s, ann, 1))
		sent, err := one.Socket.Send(ctx(t), text(ann, "1", "buy milk"))
		if err != nil || sent.ConversationID != cid || sent.Seq != 1 {
			t.Fatalf("%+v, %v", sent, err)
		}
		hears(t, two, cid, "the note", func(k *client.Known) bool { return k.Messages[1].Content() == "buy milk" && k.Unread() == 0 })
		if _, err := two.Edit(ctx(t), sent.MsgID, client.Text("buy oat milk")); err != nil {
			t.Fatal(err)
		}
		hears(t, one, cid, "the edit", func(k *client.Known) bool { return k.Messages[1].Content() == "buy oat milk" })
		if _, err := one.Recall(ctx(t), sent.MsgID); err != nil {
			t.Fatal(err)
		}
		hears(t, two, cid, "the recall", func(k *client.Known) bool { return k.Messages[1].Status == 1 })
		for _, d := range []*client.Device{one, two} {
			hears(t, d, cid, "everything", func(k *client.Known) bool { return k.Ver == 3 })
			same(t, d, cid)
		}
		list, err := ann.Sessions(ctx(t))
		if err != nil || len(list.List) != 1 || list.List[0].ConversationID != cid || list.TotalUnread != 0 || list.List[0].Target.UserID != ann.UserID {
			t.Errorf("sessions: %+v, %v", list, err)
		}
	})
}

// TestPagesOfHistory reads in both directions and around a message, with some
// deleted.
func TestPagesOfHistory(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob := friends(t, s)
		cid := private(ann, bob)
		var ids []uint64
		for n := range 30 {
			ids = append(ids, say(t, ann, cid, fmt.Sprint(n)).MsgID)
		}
		if n, err := bob.Delete(ctx(t), false, ids[9], ids[10], ids[29]); err != nil || n != 3 {
			t.Fatalf("deleted %d, %v", n, err)
		}
		if n, err := bob.Delete(ctx(t), false, ids[9]); err != nil || n != 0 {
			t.Errorf("again: deleted %d, %v", n, err)
		}
		for _, c := range []struct {
			name    string
			page    func() (client.History, error)
			first   uint64
			last    uint64
			n       int
			hasMore bool
		}{
			{"the end", func() (client.History, error) { return bob.Before(ctx(t), cid, 0, 10) }, 20, 29, 10, true},
			{"before", func() (client.History, error) { return bob.Before(ctx(t), cid, 13, 5) }, 6, 12, 5, true},
			{"the beginning", func() (client.History, error) { return bob.Before(ctx(t), cid, 6, 10) }, 1, 5, 5, false},
			{"after", func() (client.History, error) { return bob.After(ctx(t), cid, 8, 3) }, 9, 13, 3, true},
			{"after, to the end", func() (client.History, error) { return bob.After(ctx(t), cid, 25, 10) }, 26, 29, 4, false},
			{"around", func() (client.History, error) { return bob.Around(ctx(t), cid, 20, 6) }, 17, 22, 6, true},
			{"beyond", func() (client.History, error) { return bob.After(ctx(t), cid, 1<<50, 10) }, 0, 0, 0, false},
		} {
			h, err := c.page()
			if err != nil || len(h.List) != c.n || h.HasMore != c.hasMore || h.MinSeq != 1 || h.MaxSeq != 30 {
				t.Errorf("%s: %d messages, more %t, seqs %d to %d, %v", c.name, len(h.List), h.HasMore, h.MinSeq, h.MaxSeq, err)
			} else if c.n > 0 && (h.List[0].Seq != c.first || h.List[c.n-1].Seq != c.last) {
				t.Errorf("%s: %d to %d, want %d to %d", c.name, h.List[0].Seq, h.List[c.n-1].Seq, c.first, c.last)
			}
		}
		// The last he still sees is what his list shows.
		c, err := bob.Session(ctx(t), cid)
		if err != nil || c.LastMsg == nil || c.LastMsg.Seq != 29 || c.MaxSeq != 30 {
			t.Errorf("session: %+v, %+v, %v", c, c.LastMsg, err)
		}
	})
}
