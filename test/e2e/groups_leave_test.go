package e2e

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"tudoIM/common/ctype"
	"tudoIM/test/client"
	"tudoIM/test/suite"
)

// TestWhoIsOutHearsNothing is that leaving is in force when it is answered: on
// open sockets, in histories, lists, syncs and for the group's own routes.
func TestWhoIsOutHearsNothing(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		for what, leave := range map[string]func(owner, c *client.Client, group uint64) error{
			"kicked":    func(owner, c *client.Client, group uint64) error { return owner.KickMember(ctx(t), group, c.UserID) },
			"blocked":   func(owner, c *client.Client, group uint64) error { return owner.BlockInGroup(ctx(t), group, c.UserID) },
			"gone":      func(_, c *client.Client, group uint64) error { return c.Quit(ctx(t), group) },
			"dissolved": func(owner, _ *client.Client, group uint64) error { return owner.Dissolve(ctx(t), group) },
		} {
			ann, bob, cat, _, cid := circle(t, s)
			group := number(t, cid)
			before := say(t, ann, cid, "before")
			device := client.NewDevice(bob)
			must(t, what, device.Sync(ctx(t)))
			first, err := bob.SyncFrom(ctx(t), client.SyncRequest{UserVer: new("")})
			must(t, what, err)
			onBob, onAnn := listen(t, bob), listen(t, ann)
			must(t, what, leave(ann, bob, group))

			// What the others go on saying does not reach him.
			if what != "dissolved" {
				say(t, cat, cid, "secret after "+what)
				tipped(t, onAnn, cid, map[string]int32{"kicked": 4, "blocked": 4, "gone": 3}[what])
			}
			_, err = onBob.Send(ctx(t), client.SendRequest{GroupID: group, ClientMsgID: "late", Msg: client.Text("let me in")})
			if code := client.Code(err); code != 50003 && code != 50005 {
				t.Errorf("%s: sent on the open socket: %d", what, code)
			}
			_, err = onBob.Send(ctx(t), client.SendRequest{ConversationID: private(bob, ann), ClientMsgID: "end of " + what, Msg: client.Text("end")})
			must(t, what, err)
			_, err = bob.Send(ctx(t), client.SendRequest{ConversationID: private(bob, bob), ClientMsgID: "note " + what, Msg: client.Text("note")})
			must(t, what, err)
			onBob.hear(t, "his own note", func(name string, data object) bool {
				if raw, _ := json.Marshal(data); strings.Contains(string(raw), "secret after") {
					t.Errorf("%s: he heard %s", what, raw)
				}
				m, _ := data["message"].(object)
				return name == "message" && m["clientMsgId"] == "note "+what
			})
			tryAll(t, []try{
				{what + ": history", 40001, func() error { _, err := bob.Before(ctx(t), cid, 0, 10); return err }},
				{what + ": session", 40001, func() error { _, err := bob.Session(ctx(t), cid); return err }},
				{what + ": read", 40001, func() error { _, _, err := bob.Read(ctx(t), cid, 1); return err }},
				{what + ": pins", 40001, func() error { _, err := bob.Pins(ctx(t), cid); return err }},
				{what + ": message", 40011, func() error { _, err := bob.Message(ctx(t), before.MsgID); return err }},
				{what + ": recall", 40011, func() error { _, err := bob.Recall(ctx(t), before.MsgID); return err }},
				{what + ": react", 40011, func() error { _, _, err := bob.React(ctx(t), before.MsgID, "👍", true); return err }},
				{what + ": readers", 40011, func() error { _, err := bob.Readers(ctx(t), before.MsgID); return err }},
				{what + ": forward", 40021, func() error {
					_, err := bob.Forward(ctx(t), client.ForwardRequest{IDList: []uint64{before.MsgID}, Targets: []string{private(bob, bob)}, Mode: "each", ClientMsgIDs: []string{what}})
					return err
				}},
				{what + ": information", 50005, func() error { _, err := bob.Group(ctx(t), group); return err }},
				{what + ": members", 50005, func() error { _, err := bob.Members(ctx(t), group, ""); return err }},
				{what + ": notices", 50005, func() error { _, _, err := bob.Notices(ctx(t), group); return err }},
				{what + ": conf", 50005, func() error { _, err := bob.GroupConf(ctx(t), group); return err }},
			})
			if list, err := bob.Sync(ctx(t), 10, client.Point{ID: cid}); err != nil || len(list) != 0 {
				t.Errorf("%s: sync: %+v, %v", what, list, err)
			}
			since, err := bob.SyncFrom(ctx(t), client.SyncRequest{UserVer: &first.UserVer})
			if err != nil || since.UserChanges == nil || !slices.Contains(since.UserChanges.Gone, cid) {
				t.Errorf("%s: what changed since: %+v, %v", what, since.UserChanges, err)
			}
			l, err := bob.Sessions(ctx(t))
			if err != nil || slices.ContainsFunc(l.List, func(c client.Conversation) bool { return c.ConversationID == cid }) {
				t.Errorf("%s: still listed: %+v, %v", what, l, err)
			}
			must(t, what, device.Sync(ctx(t)))
			if device.Known[cid] != nil {
				t.Errorf("%s: the device still has it", what)
			}
		}
	})
}

// TestAdministratorsOfTheSite suspend groups, end them and delete what is said.
func TestAdministratorsOfTheSite(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		boss := administrator(t, s)
		ann, bob, _, eve, cid := circle(t, s)
		group := number(t, cid)
		title := fmt.Sprint("suspect ", group, " of ", ann.Name)
		must(t, "open", ann.UpdateGroup(ctx(t), group, client.Fields{"isSearch": true, "verification": 1, "title": title}))
		link, err := ann.MakeLink(ctx(t), group, nil)
		must(t, "link", err)
		bad, good := say(t, bob, cid, "bad words"), say(t, bob, cid, "good words")
		onBob := listen(t, bob)
		onAnn := dial(t, ann)

		list, err := boss.AllGroups(ctx(t), fmt.Sprint("key=", group))
		i := slices.IndexFunc(list.List, func(c client.Card) bool { return c.GroupID == group })
		if err != nil || i < 0 || list.List[i].Title != title || list.List[i].MemberCount != 3 || list.List[i].Creator != ann.UserID || list.List[i].IsInGroup {
			t.Fatalf("all groups: %+v, %v", list, err)
		}
		tryAll(t, []try{
			{"a status that is not", 10001, func() error { return boss.SetGroupStatus(ctx(t), group, 2) }},
			{"a group that is not", 50005, func() error { return boss.SetGroupStatus(ctx(t), 1<<50, 1) }},
			{"a status to look for that is not", 10001, func() error { _, err := boss.AllGroups(ctx(t), "status=7"); return err }},
			{"reading is off", 10005, func() error { _, err := boss.GroupMessages(ctx(t), group, 0, 10); return err }},
			{"by who is no administrator", 10005, func() error { return ann.SetGroupStatus(ctx(t), group, 1) }},
			{"suspend", 0, func() error { return boss.SetGroupStatus(ctx(t), group, 1) }},
			{"again", 0, func() error { return boss.SetGroupStatus(ctx(t), group, 1) }},
		})
		if m := tipped(t, onBob, cid, 14); m.Msg.TipMsg.OperatorID != 0 {
			t.Errorf("who suspended it is told: %+v", m.Msg.TipMsg)
		}
		if e := grouped(t, onBob, "groupUpdated", group); e["status"] != 1.0 {
			t.Errorf("groupUpdated: %v", e)
		}
		send := func(c *client.Client) func() error {
			return func() error {
				_, err := c.Send(ctx(t), client.SendRequest{GroupID: group, ClientMsgID: "while", Msg: client.Text("x")})
				return err
			}
		}
		tryAll(t, []try{
			{"the owner sends", 50020, send(ann)}, {"a member sends", 50020, send(bob)}, {"a stranger sends", 50003, send(eve)},
			{"on an open socket", 50020, func() error {
				_, err := onAnn.Send(ctx(t), client.SendRequest{GroupID: group, ClientMsgID: "while", Msg: client.Text("x")})
				return err
			}},
			{"join", 50005, func() error { _, err := eve.Join(ctx(t), group, nil); return err }},
			{"by a link", 50018, func() error { _, err := eve.JoinByLink(ctx(t), link.Code); return err }},
			{"read", 0, func() error { _, err := bob.Before(ctx(t), cid, 0, 10); return err }},
			{"information", 0, func() error { _, err := bob.Group(ctx(t), group); return err }},
		})
		if c, err := eve.SearchGroups(ctx(t), title); err != nil || c.Count != 0 {
			t.Errorf("suspended, and found: %+v, %v", c, err)
		}
		if c, err := boss.AllGroups(ctx(t), fmt.Sprint("status=1&key=", group)); err != nil || !slices.ContainsFunc(c.List, func(c client.Card) bool { return c.GroupID == group && c.Status == 1 }) {
			t.Errorf("suspended: %+v, %v", c, err)
		}
		must(t, "bring back", boss.SetGroupStatus(ctx(t), group, 0))
		tipped(t, onBob, cid, 15)
		must(t, "send again", send(bob)())

		n, err := boss.DeleteGroupMessages(ctx(t), bad.MsgID, 1<<50+1)
		if err != nil || n != 1 {
			t.Errorf("deleted %d, %v", n, err)
		}
		onBob.hear(t, "deleted", func(name string, data object) bool {
			return name == "deleted" && data["conversationId"] == cid && fmt.Sprint(data["idList"]) == fmt.Sprint([]any{float64(bad.MsgID)})
		})
		if m, err := bob.Message(ctx(t), bad.MsgID); err == nil && (m.Status != 4 || m.Content() != "") {
			t.Errorf("deleted: %+v", m)
		}
		if m, err := bob.Message(ctx(t), good.MsgID); err != nil || m.Content() != "good words" {
			t.Errorf("not deleted: %+v, %v", m, err)
		}

		deleted, refused, err := boss.DeleteGroups(ctx(t), group, 1<<50, group)
		if err != nil || deleted != 1 || refused[1<<50] != 50005 || len(refused) > 2 {
			t.Errorf("ended %d, refused %v, %v", deleted, refused, err)
		}
		if e := grouped(t, onBob, "groupDissolved", group); e["groupId"] != float64(group) {
			t.Errorf("groupDissolved: %v", e)
		}
		wantCode(t, "it is no more", func() error { _, err := ann.Group(ctx(t), group); return err }(), 50005)
		wantCode(t, "nobody", func() error { _, _, err := boss.DeleteGroups(ctx(t)); return err }(), 10001)

		acts := map[string]int{}
		for _, a := range audit(t, boss, "operatorId="+fmt.Sprint(boss.UserID)) {
			if strings.HasPrefix(a.Act, "group.") {
				acts[fmt.Sprint(a.Act, " ", a.Code)]++
			}
		}
		for _, act := range []string{"group.list 0", "group.list 10001", "group.status 0", "group.status 10001", "group.status 50005", "group.messages.read 10005", "group.messages.delete 0", "group.dissolve 0", "group.dissolve 50005"} {
			if acts[act] == 0 {
				t.Errorf("%s is not written down: %v", act, acts)
			}
		}
	})
}

// TestAdministratorsReadGroupsWhereTheSiteAllowsIt is on a suite of its own.
func TestAdministratorsReadGroupsWhereTheSiteAllowsIt(t *testing.T) {
	for name, mode := range suite.Modes {
		t.Run(name, func(t *testing.T) {
			s := ownOf(t, suite.Config{Mode: mode, Copies: 1, Env: []string{"TUDO_ADMIN_READS=true"}})
			boss := administrator(t, s)
			boss.Lang = "en"
			ann, bob, _, _, cid := circle(t, s)
			group := number(t, cid)
			said := say(t, ann, cid, "one")
			put(t, bob, cid, "a reply", client.Reply(said.MsgID, "two"))
			must(t, "mute", ann.MuteMember(ctx(t), group, bob.UserID, 5))
			must(t, "clear", bob.ClearGroup(ctx(t), group))
			h, err := boss.GroupMessages(ctx(t), group, 0, 10)
			if err != nil || len(h.List) != 3 || h.HasMore || h.MaxSeq != 3 {
				t.Fatalf("messages: %+v, %v", h, err)
			}
			if m := h.List[0]; m.Seq != 1 || m.Content() != "one" || m.SendUser.Nickname != ann.Nickname || m.MsgPreview != "one" {
				t.Errorf("the first: %+v", m)
			}
			if m := h.List[1]; m.Msg.ReplyMsg == nil || m.Msg.ReplyMsg.UserNickname != ann.Nickname || m.Msg.ReplyMsg.Preview != "one" || m.SendUser.UserID != bob.UserID {
				t.Errorf("the reply: %+v", m.Msg.ReplyMsg)
			}
			if m, want := h.List[2], ann.Nickname+" muted "+bob.Nickname+" for 5 min"; m.MsgPreview != ctype.Shorten(want, 64) || m.Msg.TipMsg.Content != want {
				t.Errorf("the tip: %+v", m)
			}
			if h, err := boss.GroupMessages(ctx(t), group, 3, 1); err != nil || len(h.List) != 1 || h.List[0].Seq != 2 || !h.HasMore {
				t.Errorf("a page: %+v, %v", h, err)
			}
			wantCode(t, "of none", func() error { _, err := boss.GroupMessages(ctx(t), 1<<50, 0, 10); return err }(), 50005)
			wantCode(t, "by who is no administrator", func() error { _, err := ann.GroupMessages(ctx(t), group, 0, 10); return err }(), 10005)
		})
	}
}

// TestAClosedAccountLeavesItsGroups also where it was the owner.
func TestAClosedAccountLeavesItsGroups(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		boss := administrator(t, s)
		ann, bob, cat, _, cid := circle(t, s)
		group := number(t, cid)
		onAnn := listen(t, ann)
		if n, _, err := deleteUsers(t, boss, cat.UserID); err != nil || n != 1 {
			t.Fatal(n, err)
		}
		if e := grouped(t, onAnn, "memberLeft", group); fmt.Sprint(e["userIds"]) != fmt.Sprint([]any{float64(cat.UserID)}) {
			t.Errorf("memberLeft: %v", e)
		}
		isInGroup(t, ann, group, ann.UserID, bob.UserID)
		// An owner is not deleted before he has given his groups away.
		if n, refused, err := deleteUsers(t, boss, ann.UserID); err != nil || n != 0 || refused[ann.UserID] != 20060 {
			t.Errorf("an owner: %d, %v, %v", n, refused, err)
		}
		must(t, "give it away", ann.Transfer(ctx(t), group, bob.UserID))
		if n, _, err := deleteUsers(t, boss, ann.UserID); err != nil || n != 1 {
			t.Fatal(n, err)
		}
		isInGroup(t, bob, group, bob.UserID)
	})
}
