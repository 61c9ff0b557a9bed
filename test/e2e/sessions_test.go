package e2e

import (
	"fmt"
	"slices"
	"testing"

	"tudoIM/test/client"
	"tudoIM/test/suite"
)

// TestPagesOfSessions pages through private conversations and groups, which
// come from two halves, in one order.
func TestPagesOfSessions(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann := register(t, s, 0)
		var places []string
		var others []*client.Client
		for n := range 4 {
			other := register(t, s, n)
			if err := ann.Befriend(ctx(t), other); err != nil {
				t.Fatal(err)
			}
			group, err := ann.CreateGroup(ctx(t), fmt.Sprint("group ", n), other.UserID)
			if err != nil {
				t.Fatal(err)
			}
			others = append(others, other, other)
			places = append(places, private(ann, other), fmt.Sprint("g_", group))
		}
		for n, cid := range places {
			say(t, others[n], cid, "hello")
		}
		// Oldest first so far; tops come before all others.
		yes := true
		for _, cid := range []string{places[0], places[3]} {
			if _, err := ann.Set(ctx(t), cid, client.Setting{IsTop: &yes}); err != nil {
				t.Fatal(err)
			}
		}
		want := []string{places[3], places[0]}
		for _, n := range []int{7, 6, 5, 4, 2, 1} {
			want = append(want, places[n])
		}
		pages := func(q client.SessionsQuery) (ids []string) {
			t.Helper()
			for {
				page, err := ann.SessionsPage(ctx(t), q)
				if err != nil || len(page.List) > q.Limit || page.HasMore != (page.Next != "") {
					t.Fatalf("page %+v: %+v, %v", q, page, err)
				}
				for _, c := range page.List {
					ids = append(ids, c.ConversationID)
				}
				if !page.HasMore {
					return ids
				}
				if len(page.List) == 0 {
					t.Fatalf("page %+v is empty, and there is more", q)
				}
				q.Cursor = page.Next
			}
		}
		private := slices.DeleteFunc(slices.Clone(want), func(id string) bool { return id[0] != 'p' })
		groups := slices.DeleteFunc(slices.Clone(want), func(id string) bool { return id[0] != 'g' })
		for _, limit := range []int{1, 2, 3, 7, 8, 100} {
			for _, c := range []struct {
				typ  int32
				want []string
			}{{0, want}, {1, private}, {2, groups}, {3, nil}} {
				if got := pages(client.SessionsQuery{Limit: limit, Type: c.typ}); !slices.Equal(got, c.want) {
					t.Errorf("by %d, type %d: %v, want %v", limit, c.typ, got, c.want)
				}
			}
		}
		for _, n := range []int{0, 7, 4} {
			if _, _, err := ann.Read(ctx(t), places[n], 1); err != nil {
				t.Fatal(err)
			}
		}
		unread := slices.DeleteFunc(slices.Clone(want), func(id string) bool { return id == places[0] || id == places[7] || id == places[4] })
		for _, limit := range []int{2, 100} {
			if got := pages(client.SessionsQuery{Limit: limit, UnreadOnly: true}); !slices.Equal(got, unread) {
				t.Errorf("unread by %d: %v, want %v", limit, got, unread)
			}
		}
		if _, err := ann.Set(ctx(t), places[3], client.Setting{IsMuted: &yes}); err != nil {
			t.Fatal(err)
		}
		if page, err := ann.Sessions(ctx(t)); err != nil || page.TotalUnread != 4 || page.TotalUnreadAll != 5 {
			t.Errorf("totals: %d and %d, %v", page.TotalUnread, page.TotalUnreadAll, err)
		}
		_, err := ann.SessionsPage(ctx(t), client.SessionsQuery{Cursor: "nonsense", Limit: 2})
		wantCode(t, "a cursor of nobody", err, 10001)
	})
}

// TestRefusals meets the refusals of the routes about messages.
func TestRefusals(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob := friends(t, s)
		eve := register(t, s, 0)
		cid, strange := private(ann, bob), private(bob, eve)
		mine, his := say(t, ann, cid, "mine"), say(t, bob, cid, "his")
		reply := put(t, ann, cid, "reply", client.Reply(his.MsgID, "an answer"))
		note := say(t, ann, private(ann, ann), "a note")
		gone := say(t, ann, cid, "soon gone")
		if _, err := ann.Recall(ctx(t), gone.MsgID); err != nil {
			t.Fatal(err)
		}
		send := func(cid string, body any) error {
			_, err := ann.Send(ctx(t), client.SendRequest{ConversationID: cid, ClientMsgID: "refused", Msg: body})
			return err
		}
		long := make([]rune, 4001)
		for n := range long {
			long[n] = '长'
		}
		const nobody = 1 << 50
		yes := true
		for what, c := range map[string]struct {
			code int
			err  func() error
		}{
			"history of others":          {40001, func() error { _, err := ann.Before(ctx(t), strange, 0, 10); return err }},
			"history of nothing":         {40001, func() error { _, err := ann.Before(ctx(t), "x_1", 0, 10); return err }},
			"history with a stranger":    {40001, func() error { _, err := ann.Before(ctx(t), private(ann, eve), 0, 10); return err }},
			"session with a stranger":    {40001, func() error { _, err := ann.Session(ctx(t), private(ann, eve)); return err }},
			"set of others":              {40001, func() error { _, err := ann.Set(ctx(t), strange, client.Setting{IsTop: &yes}); return err }},
			"hide of others":             {40001, func() error { return ann.Hide(ctx(t), strange, true) }},
			"top of a stranger":          {40001, func() error { return ann.Top(ctx(t), eve.UserID, true) }},
			"read of others":             {40001, func() error { _, _, err := ann.Read(ctx(t), strange, 1); return err }},
			"unread of others":           {40001, func() error { _, err := ann.MarkUnread(ctx(t), strange); return err }},
			"pins of others":             {40001, func() error { _, err := ann.Pins(ctx(t), strange); return err }},
			"sync of others":             {40001, func() error { _, err := ann.Sync(ctx(t), 10, client.Point{ID: strange}); return err }},
			"send to others":             {40001, func() error { return send(strange, client.Text("hi")) }},
			"send to a stranger":         {40002, func() error { return send(private(ann, eve), client.Text("hi")) }},
			"a type that is not":         {40005, func() error { return send(cid, client.Body{Type: 99}) }},
			"a type of the server's":     {40005, func() error { return send(cid, client.Body{Type: 8, WithdrawMsg: &client.WithdrawMsg{Content: "x"}}) }},
			"merged by hand":             {40005, func() error { return send(cid, client.Body{Type: 15, MergedMsg: &client.MergedMsg{Title: "x"}}) }},
			"a text without its part":    {40005, func() error { return send(cid, client.Body{Type: 1}) }},
			"another part than the type": {40005, func() error { return send(cid, client.Body{Type: 9, TextMsg: &client.TextMsg{Content: "x"}}) }},
			"a part of another type":     {40005, func() error { return send(cid, map[string]any{"type": 1, "textMsg": 7}) }},
			"a call of nobody":           {40005, func() error { return send(cid, client.At("@")) }},
			"an empty text":              {40006, func() error { return send(cid, client.Text("")) }},
			"a blank text":               {40006, func() error { return send(cid, client.Text(" \u200b\n")) }},
			"a text too long":            {40006, func() error { return send(cid, client.Text(string(long))) }},
			"an answer to nothing":       {40007, func() error { return send(cid, client.Reply(nobody, "x")) }},
			"an answer to what is gone":  {40007, func() error { return send(cid, client.Reply(gone.MsgID, "x")) }},
			"an answer to another place": {40007, func() error { return send(cid, client.Reply(note.MsgID, "x")) }},
			"no message":                 {40011, func() error { _, err := ann.Message(ctx(t), nobody); return err }},
			"a note of another":          {40011, func() error { _, err := bob.Message(ctx(t), note.MsgID); return err }},
			"recall of nothing":          {40011, func() error { _, err := ann.Recall(ctx(t), nobody); return err }},
			"edit of what is gone":       {40011, func() error { _, err := ann.Edit(ctx(t), gone.MsgID, client.Text("x")); return err }},
			"reaction to what is gone":   {40011, func() error { _, _, err := bob.React(ctx(t), gone.MsgID, "👍", true); return err }},
			"pin of what is gone":        {40011, func() error { _, err := bob.Pin(ctx(t), gone.MsgID, true); return err }},
			"recall of his":              {40012, func() error { _, err := ann.Recall(ctx(t), his.MsgID); return err }},
			"edit of his":                {40012, func() error { _, err := ann.Edit(ctx(t), his.MsgID, client.Text("x")); return err }},
			"delete of his for both":     {40014, func() error { _, err := ann.Delete(ctx(t), true, his.MsgID); return err }},
			"read beyond the end":        {40015, func() error { _, _, err := ann.Read(ctx(t), cid, 6); return err }},
			"edit of an answer":          {40017, func() error { _, err := ann.Edit(ctx(t), reply.MsgID, client.Text("x")); return err }},
			"edit to another type":       {40017, func() error { _, err := ann.Edit(ctx(t), mine.MsgID, client.Reply(his.MsgID, "x")); return err }},
			"edit to nothing":            {40006, func() error { _, err := ann.Edit(ctx(t), mine.MsgID, client.Text("")); return err }},
			"a word as an emoji":         {40018, func() error { _, _, err := ann.React(ctx(t), his.MsgID, "ok", true); return err }},
			"two emojis":                 {40018, func() error { _, _, err := ann.React(ctx(t), his.MsgID, "👍👍", true); return err }},
			"forward of what is gone":    {40021, func() error { return forwardTo(t, ann, cid, gone.MsgID) }},
			"forward of another's note":  {40021, func() error { return forwardTo(t, bob, cid, note.MsgID) }},
			"delete of nothing":          {10001, func() error { _, err := ann.Delete(ctx(t), false); return err }},
			"recall batch of nothing":    {10001, func() error { _, err := ann.RecallAll(ctx(t)); return err }},
			"send without a clientMsgId": {10001, func() error {
				_, err := ann.Send(ctx(t), client.SendRequest{ConversationID: cid, Msg: client.Text("x")})
				return err
			}},
			"send to nowhere": {10001, func() error {
				_, err := ann.Send(ctx(t), client.SendRequest{ClientMsgID: "1", Msg: client.Text("x")})
				return err
			}},
			"a clientMsgId of 65 letters": {10001, func() error {
				_, err := ann.Send(ctx(t), client.SendRequest{ConversationID: cid, ClientMsgID: string(long[:22]), Msg: client.Text("x")})
				return err
			}},
		} {
			wantCode(t, what, c.err(), c.code)
		}
		// Nothing of that has left anything.
		list, err := bob.All(ctx(t), cid)
		if err != nil || len(list) != 4 || list[0].Content() != "mine" || list[0].EditedAt != 0 || list[1].Content() != "his" || len(list[1].Reactions) != 0 {
			t.Errorf("history: %+v, %v", list, err)
		}
		batch, err := ann.RecallAll(ctx(t), mine.MsgID, his.MsgID, nobody, gone.MsgID)
		if err != nil || len(batch) != 4 || batch[0].Code != 0 || batch[0].Ver == 0 || batch[1].Code != 40012 || batch[2].Code != 40011 || batch[3].Code != 0 {
			t.Errorf("recall batch: %+v, %v", batch, err)
		}
		if n, err := ann.Delete(ctx(t), true, his.MsgID, reply.MsgID); err != nil || n != 1 {
			t.Errorf("delete of one that may be and one that may not: %d, %v", n, err)
		}
	})
}

func forwardTo(t *testing.T, c *client.Client, cid string, ids ...uint64) error {
	t.Helper()
	_, err := c.Forward(ctx(t), client.ForwardRequest{IDList: ids, Targets: []string{cid}, Mode: "merged", ClientMsgIDs: []string{"forward"}})
	return err
}

// TestReactionsAndPinsHaveBounds goes to the limit of each and one beyond.
func TestReactionsAndPinsHaveBounds(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		const kinds, pins = 20, 50
		ann, bob := friends(t, s)
		cid := private(ann, bob)
		first := say(t, ann, cid, "first")
		emoji := func(n int) string { return string(rune('😀' + n)) }
		for n := range kinds {
			if list, _, err := []*client.Client{ann, bob}[n%2].React(ctx(t), first.MsgID, emoji(n), true); err != nil || len(list) != n+1 {
				t.Fatalf("reaction %d: %+v, %v", n, list, err)
			}
		}
		_, _, err := bob.React(ctx(t), first.MsgID, emoji(kinds), true)
		wantCode(t, "one kind too many", err, 40019)
		if list, _, err := bob.React(ctx(t), first.MsgID, emoji(0), true); err != nil || list[0].Count != 2 {
			t.Errorf("a kind that is there: %+v, %v", list, err)
		}
		if list, _, err := ann.React(ctx(t), first.MsgID, emoji(2), false); err != nil || len(list) != kinds-1 {
			t.Errorf("one away: %+v, %v", list, err)
		}
		if _, _, err := bob.React(ctx(t), first.MsgID, emoji(kinds), true); err != nil {
			t.Errorf("one more: %v", err)
		}

		var ids []uint64
		for n := range pins + 1 {
			ids = append(ids, say(t, ann, cid, fmt.Sprint("to pin ", n)).MsgID)
		}
		for n, id := range ids[:pins] {
			if _, err := []*client.Client{ann, bob}[n%2].Pin(ctx(t), id, true); err != nil {
				t.Fatalf("pin %d: %v", n, err)
			}
		}
		_, err = bob.Pin(ctx(t), ids[pins], true)
		wantCode(t, "one pin too many", err, 40020)
		if _, err := bob.Pin(ctx(t), ids[0], true); err != nil {
			t.Errorf("pinned again: %v", err)
		}
		if _, err := ann.Recall(ctx(t), ids[1]); err != nil {
			t.Fatal(err)
		}
		if _, err := bob.Pin(ctx(t), ids[pins], true); err != nil {
			t.Errorf("in place of what was taken back: %v", err)
		}
		if _, err := bob.Pin(ctx(t), ids[0], false); err != nil {
			t.Errorf("taken off: %v", err)
		}
		if _, err := bob.Pin(ctx(t), ids[0], false); err != nil {
			t.Errorf("taken off again: %v", err)
		}
		list, err := ann.Pins(ctx(t), cid)
		if err != nil || len(list) != pins-1 || list[0].ID != ids[pins] || slices.ContainsFunc(list, func(m client.Message) bool { return m.ID == ids[1] || m.ID == ids[0] }) {
			t.Errorf("%d pins, %v", len(list), err)
		}
	})
}
