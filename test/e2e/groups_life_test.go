package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tudoIM/test/client"
	"tudoIM/test/suite"
)

// mate registers somebody who is a friend of c.
func mate(t *testing.T, s *suite.Suite, c *client.Client, i int) *client.Client {
	t.Helper()
	m := register(t, s, i)
	must(t, "befriend", c.Befriend(ctx(t), m))
	return m
}

// try is something to do, and the code it is answered with.
type try struct {
	what string
	code int
	do   func() error
}

func tryAll(t *testing.T, list []try) {
	t.Helper()
	for _, c := range list {
		wantCode(t, c.what, c.do(), c.code)
	}
}

// ear is an open socket that keeps what it has heard until it is asked for, in
// whatever order: events of groups and messages come by channels of their own.
type ear struct {
	*client.Socket
	kept []client.Event
}

func listen(t *testing.T, c *client.Client) *ear {
	t.Helper()
	return &ear{Socket: dial(t, c)}
}

// hear waits for the first event that is the one, and returns its data.
func (e *ear) hear(t *testing.T, what string, is func(name string, data object) bool) (data object) {
	t.Helper()
	eventually(t, what, func(context.Context) error {
		e.kept = append(e.kept, e.Events()...)
		for n, one := range e.kept {
			data = nil
			if err := json.Unmarshal(one.Data, &data); err != nil {
				t.Fatal(err)
			}
			if is(one.Event, data) {
				e.kept = slices.Delete(e.kept, n, n+1)
				return nil
			}
		}
		names := make([]string, len(e.kept))
		for n, one := range e.kept {
			names[n] = one.Event
		}
		return fmt.Errorf("not among %q", names)
	})
	return data
}

// grouped waits for the event called name of a group, and returns its data.
func grouped(t *testing.T, on *ear, name string, group uint64) object {
	t.Helper()
	return on.hear(t, name, func(is string, data object) bool {
		of := data
		for _, inner := range []string{"group", "request"} {
			if o, ok := data[inner].(object); ok {
				of = o
			}
		}
		return is == name && of["groupId"] == float64(group)
	})
}

// tipped waits for the tip status in a conversation and returns it as it is
// shown.
func tipped(t *testing.T, on *ear, cid string, status int32) (m client.Message) {
	t.Helper()
	on.hear(t, fmt.Sprint("tip ", status), func(is string, data object) bool {
		if is != "message" {
			return false
		}
		raw, err := json.Marshal(data["message"])
		if err == nil {
			m = client.Message{}
			err = json.Unmarshal(raw, &m)
		}
		if err != nil {
			t.Fatal(err)
		}
		return m.ConversationID == cid && m.MsgType == 12 && m.Msg.TipMsg.Status == status
	})
	return m
}

// isInGroup fails unless the members of group are ids, whoever asks for them.
func isInGroup(t *testing.T, c *client.Client, group uint64, ids ...uint64) {
	t.Helper()
	m, err := c.Members(ctx(t), group, "limit=100")
	got := slices.Sorted(slices.Values(m.IDs()))
	slices.Sort(ids)
	if err != nil || !slices.Equal(got, ids) || m.Count != len(ids) {
		t.Errorf("members %v of %d, want %v, %v", got, m.Count, ids, err)
	}
}

// TestLifeOfAGroup makes a group, changes it and ends it.
func TestLifeOfAGroup(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob := friends(t, s)
		cat := mate(t, s, ann, 0)
		eve := register(t, s, 1)
		onAnn, onBob := listen(t, ann), listen(t, bob)
		face := picture(t, ann)

		_, err := ann.NewGroup(ctx(t), client.Fields{"mode": 1, "title": "team", "userIdList": []uint64{bob.UserID, eve.UserID}})
		if e := refuses(t, "with a stranger", err, 403, 50002); !strings.Contains(string(e.Data), fmt.Sprint(eve.UserID)) {
			t.Errorf("with a stranger: it is not said whom: %s", e.Data)
		}
		makes := func(f client.Fields) func() error {
			return func() error { _, err := ann.NewGroup(ctx(t), f); return err }
		}
		tryAll(t, []try{
			{"no title", 50019, makes(client.Fields{"mode": 1})},
			{"a blank title", 50019, makes(client.Fields{"mode": 1, "title": " \u3000"})},
			{"a title of 65", 50019, makes(client.Fields{"mode": 1, "title": strings.Repeat("好", 65)})},
			{"no mode", 10001, makes(client.Fields{"title": "x"})},
			{"a mode that is not", 10001, makes(client.Fields{"mode": 3, "title": "x"})},
			{"of friends, without any", 10001, makes(client.Fields{"mode": 2})},
			{"for one", 50004, makes(client.Fields{"mode": 1, "title": "x", "size": 1})},
			{"for more than a group has", 50004, makes(client.Fields{"mode": 1, "title": "x", "size": 2001})},
			{"for fewer than are in", 50004, makes(client.Fields{"mode": 1, "title": "x", "size": 2, "userIdList": []uint64{bob.UserID, cat.UserID}})},
			{"another's image", 30001, makes(client.Fields{"mode": 1, "title": "x", "avatar": picture(t, bob).UID})},
			{"no image", 30001, makes(client.Fields{"mode": 1, "title": "x", "avatar": "https://example.com/x.png"})},
		})

		group, err := ann.NewGroup(ctx(t), client.Fields{
			"mode": 2, "avatar": face.UID, "isSearch": true, "size": 10, "userIdList": []uint64{bob.UserID, cat.UserID, bob.UserID, ann.UserID},
		})
		must(t, "make", err)
		cid := fmt.Sprint("g_", group)
		for _, on := range []*ear{onAnn, onBob} {
			e := grouped(t, on, "groupJoined", group)
			if g, _ := e["group"].(object); g["groupId"] != float64(group) || e["operator"] != float64(ann.UserID) || g["memberCount"] != 3.0 || g["size"] != 10.0 {
				t.Errorf("groupJoined: %v", e)
			}
		}
		g, err := ann.Group(ctx(t), group)
		if err != nil || g.Creator.UserID != ann.UserID || g.Creator.Nickname != ann.Nickname || len(g.AdminList) != 0 || g.MemberCount != 3 || g.Role != 1 ||
			!g.IsInGroup || g.Size != 10 || !g.IsSearch || g.Verification != 2 || !g.IsInvite || g.Status != 0 || g.MyConf == nil || g.Notice != nil ||
			!strings.Contains(g.Avatar, face.UID) || !strings.Contains(g.Title, bob.Nickname) || !strings.Contains(g.Title, ann.Nickname) {
			t.Errorf("made: %+v, %v", g, err)
		}
		eventually(t, "two are online", func(c context.Context) error {
			if g, err := cat.Group(c, group); err != nil || g.MemberOnlineCount != 2 {
				return fmt.Errorf("%d, %w", g.MemberOnlineCount, errors.Join(err, errors.New("not yet")))
			}
			return nil
		})
		// To a stranger who may find it, it is a card.
		his, err := eve.Group(ctx(t), group)
		if err != nil || his.Role != 0 || his.IsInGroup || his.MyConf != nil || his.Notice != nil || his.MemberOnlineCount != 0 || his.MemberCount != 3 {
			t.Errorf("a stranger sees %+v, %v", his, err)
		}

		change := func(c *client.Client, f client.Fields) func() error {
			return func() error { return c.UpdateGroup(ctx(t), group, f) }
		}
		tryAll(t, []try{
			{"by a member", 50006, change(bob, client.Fields{"title": "mine"})},
			{"by a stranger", 50003, change(eve, client.Fields{"title": "mine"})},
			{"a key that is not", 10001, change(ann, client.Fields{"title": "x", "owner": bob.UserID})},
			{"no title", 50019, change(ann, client.Fields{"title": ""})},
			{"a title of 65", 50019, change(ann, client.Fields{"title": strings.Repeat("x", 65)})},
			{"an abstract of 201", 10001, change(ann, client.Fields{"abstract": strings.Repeat("x", 201)})},
			{"a verification that is not", 10001, change(ann, client.Fields{"verification": 5})},
			{"questions without any", 30002, change(ann, client.Fields{"verification": 3})},
			{"answers without any", 30002, change(ann, client.Fields{"verification": 4, "verificationQuestion": object{"problem1": "pet?"}})},
			{"for fewer than are in", 50004, change(ann, client.Fields{"size": 2})},
			{"for more than a group has", 50004, change(ann, client.Fields{"size": 2001})},
			{"minutes without a mute", 10001, change(ann, client.Fields{"prohibitionMinutes": 5})},
			{"minutes of no mute", 10001, change(ann, client.Fields{"prohibitionMinutes": 5, "isProhibition": false})},
			{"no minutes", 10001, change(ann, client.Fields{"prohibitionMinutes": 0, "isProhibition": true})},
			{"too many minutes", 10001, change(ann, client.Fields{"prohibitionMinutes": 43201, "isProhibition": true})},
			{"another's image", 30001, change(ann, client.Fields{"avatar": picture(t, bob).UID})},
			{"a good key beside a bad one", 10001, change(ann, client.Fields{"title": "new", "verification": -1})},
		})
		if after, err := ann.Group(ctx(t), group); err != nil || after.Ver != g.Ver || after.Title != g.Title {
			t.Errorf("what was refused changed the group: %+v, %v", after, err)
		}
		all := client.Fields{
			"title": "choir", "abstract": "we\nsing", "avatar": "", "isSearch": false, "isInvite": false, "isTemporarySession": true, "historyVisible": true,
			"verification": 4, "verificationQuestion": object{"problem1": "pet?", "answer1": "secret-cat"}, "size": 12, "isProhibition": true, "prohibitionMinutes": 60,
		}
		must(t, "change all", ann.UpdateGroup(ctx(t), group, all))
		e := grouped(t, onBob, "groupUpdated", group)
		for k, v := range all {
			if k == "prohibitionMinutes" || k == "verificationQuestion" {
				continue
			}
			if fmt.Sprint(e[k]) != fmt.Sprint(v) {
				t.Errorf("groupUpdated: %s is %v, want %v", k, e[k], v)
			}
		}
		if raw, _ := json.Marshal(e); strings.Contains(string(raw), "secret-cat") || e["operator"] != float64(ann.UserID) {
			t.Errorf("groupUpdated: %s", raw)
		}
		g, err = bob.Group(ctx(t), group)
		if until := time.UnixMilli(g.ProhibitionUntil); err != nil || g.Title != "choir" || g.Abstract != "we\nsing" || g.Avatar != "" || g.IsSearch || g.IsInvite ||
			!g.IsTemporarySession || !g.HistoryVisible || g.Verification != 4 || g.Size != 12 || !g.IsProhibition || until.Before(time.Now().Add(59*time.Minute)) || g.Role != 3 {
			t.Errorf("changed: %+v, %v", g, err)
		}
		must(t, "change nothing", ann.UpdateGroup(ctx(t), group, client.Fields{"title": "choir", "size": 12}))
		must(t, "nothing at all", ann.UpdateGroup(ctx(t), group, client.Fields{}))
		if again, err := bob.Group(ctx(t), group); err != nil || again.Ver != g.Ver {
			t.Errorf("nothing changed, and ver is %d after %d, %v", again.Ver, g.Ver, err)
		}
		wantCode(t, "hidden now", func() error { _, err := eve.Group(ctx(t), group); return err }(), 50005)

		tryAll(t, []try{
			{"end it as a member", 50006, func() error { return bob.Dissolve(ctx(t), group) }},
			{"end it as a stranger", 50005, func() error { return eve.Dissolve(ctx(t), group) }},
			{"end none", 50005, func() error { return ann.Dissolve(ctx(t), 1<<50) }},
			{"end it", 0, func() error { return ann.Dissolve(ctx(t), group) }},
		})
		if e := grouped(t, onBob, "groupDissolved", group); e["operator"] != float64(ann.UserID) {
			t.Errorf("groupDissolved: %v", e)
		}
		for _, c := range []*client.Client{ann, bob} {
			tryAll(t, []try{
				{"it is no more", 50005, func() error { _, err := c.Group(ctx(t), group); return err }},
				{"its members", 50005, func() error { _, err := c.Members(ctx(t), group, ""); return err }},
				{"its conf", 50005, func() error { _, err := c.GroupConf(ctx(t), group); return err }},
				{"its notices", 50005, func() error { _, _, err := c.Notices(ctx(t), group); return err }},
				{"change it", 50005, change(c, client.Fields{"title": "x"})},
				{"end it again", 50005, func() error { return c.Dissolve(ctx(t), group) }},
				{"leave it", 50005, func() error { return c.Quit(ctx(t), group) }},
				{"its history", 40001, func() error { _, err := c.Before(ctx(t), cid, 0, 10); return err }},
				{"its conversation", 40001, func() error { _, err := c.Session(ctx(t), cid); return err }},
				{"send to it", 50005, func() error {
					_, err := c.Send(ctx(t), client.SendRequest{GroupID: group, ClientMsgID: "late", Msg: client.Text("late")})
					return err
				}},
			})
			if list, err := c.Groups(ctx(t), ""); err != nil || slices.ContainsFunc(list.List, func(c client.Card) bool { return c.GroupID == group }) {
				t.Errorf("still listed: %+v, %v", list, err)
			}
		}
	})
}

// TestMembersAndRanks is who may do what to whom.
func TestMembersAndRanks(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob, cat, eve, cid := circle(t, s)
		group := number(t, cid)
		dan, joe := mate(t, s, ann, 1), mate(t, s, ann, 0)
		if r, err := ann.Invite(ctx(t), group, dan.UserID, joe.UserID); err != nil || len(r.Added) != 2 {
			t.Fatalf("invite: %+v, %v", r, err)
		}
		onCat, onDan := listen(t, cat), listen(t, dan)

		role := func(c, whom *client.Client, to int) func() error {
			return func() error { return c.SetMemberRole(ctx(t), group, whom.UserID, to) }
		}
		tryAll(t, []try{
			{"a member makes an admin", 50006, role(bob, cat, 2)},
			{"oneself", 50006, role(bob, bob, 2)},
			{"a stranger", 50005, role(eve, bob, 2)},
			{"the owner of himself", 50006, role(ann, ann, 2)},
			{"who is not in", 50003, role(ann, eve, 2)},
			{"an owner", 10001, role(ann, bob, 1)},
			{"rank 0", 10001, role(ann, bob, 0)},
			{"rank 4", 10001, role(ann, bob, 4)},
			{"an admin", 0, role(ann, bob, 2)},
			{"again", 0, role(ann, bob, 2)},
			{"another", 0, role(ann, dan, 2)},
			{"an admin makes an admin", 50006, role(bob, cat, 2)},
			{"an admin unmakes one", 50006, role(bob, dan, 3)},
		})
		if e := grouped(t, onCat, "memberUpdated", group); fmt.Sprint(e["member"].(object)["userId"]) != fmt.Sprint(float64(bob.UserID)) || e["member"].(object)["role"] != 2.0 {
			t.Errorf("memberUpdated: %v", e)
		}
		if g, err := cat.Group(ctx(t), group); err != nil || len(g.AdminList) != 2 {
			t.Errorf("admins: %+v, %v", g.AdminList, err)
		}

		// Ann owns, Bob and Dan are admins, Cat and Joe members, Eve is out.
		rename := func(c, whom *client.Client, n string) func() error {
			return func() error { return c.RenameMember(ctx(t), group, whom.UserID, n) }
		}
		mute := func(c, whom *client.Client, minutes any) func() error {
			return func() error { return c.MuteMember(ctx(t), group, whom.UserID, minutes) }
		}
		kick := func(c, whom *client.Client) func() error {
			return func() error { return c.KickMember(ctx(t), group, whom.UserID) }
		}
		tryAll(t, []try{
			{"a member renames another", 50006, rename(cat, joe, "x")},
			{"an admin renames the owner", 50006, rename(bob, ann, "x")},
			{"an admin renames an admin", 50006, rename(bob, dan, "x")},
			{"a name of 33", 10001, rename(cat, cat, strings.Repeat("x", 33))},
			{"a name of two lines", 10001, rename(cat, cat, "a\nb")},
			{"who is not in", 50003, rename(ann, eve, "x")},
			{"a stranger", 50005, rename(eve, cat, "x")},
			{"a member renames himself", 0, rename(cat, cat, "Kitty")},
			{"an admin renames a member", 0, rename(bob, joe, "Joseph")},
			{"the owner renames an admin", 0, rename(ann, bob, "Bobby")},
			{"oneself, by 0", 0, func() error { return dan.RenameMember(ctx(t), group, 0, "Daniel") }},

			{"a member mutes", 50006, mute(cat, joe, 5)},
			{"an admin mutes the owner", 50006, mute(bob, ann, 5)},
			{"an admin mutes an admin", 50006, mute(bob, dan, 5)},
			{"an admin mutes himself", 50006, mute(bob, bob, 5)},
			{"the owner mutes himself", 50006, mute(ann, ann, 5)},
			{"who is not in", 50003, mute(ann, eve, 5)},
			{"0 minutes", 10001, mute(ann, cat, 0)},
			{"-1 minutes", 10001, mute(ann, cat, -1)},
			{"too many minutes", 10001, mute(ann, cat, 43201)},
			{"an admin mutes a member", 0, mute(bob, cat, 43200)},
			{"lift it", 0, mute(bob, cat, nil)},
			{"lift it again", 0, mute(bob, cat, nil)},

			{"a member kicks", 50006, kick(cat, joe)},
			{"an admin kicks an admin", 50006, kick(bob, dan)},
			{"an admin kicks the owner", 50006, kick(bob, ann)},
			{"an admin kicks himself", 50006, kick(bob, bob)},
			{"the owner kicks himself", 50006, kick(ann, ann)},
			{"who is not in", 50003, kick(ann, eve)},
			{"a stranger kicks", 50005, kick(eve, cat)},
		})
		m, err := cat.Members(ctx(t), group, "sort=role")
		names := map[uint64]string{}
		for _, one := range m.List {
			names[one.UserID] = one.MemberNickname
			if one.UserNickname == "" || one.CreatedAt == 0 || one.Ver == 0 || one.IsLeft || one.UserID != ann.UserID && one.InviterID != ann.UserID {
				t.Errorf("member: %+v", one)
			}
		}
		if ids := m.IDs(); err != nil || !slices.Equal(ids, []uint64{ann.UserID, bob.UserID, dan.UserID, cat.UserID, joe.UserID}) {
			t.Errorf("by role: %v, %v", ids, err)
		}
		if names[cat.UserID] != "Kitty" || names[joe.UserID] != "Joseph" || names[bob.UserID] != "Bobby" || names[dan.UserID] != "Daniel" || names[ann.UserID] != "" {
			t.Errorf("names: %v", names)
		}
		say(t, joe, cid, "hello")
		say(t, bob, cid, "hello")
		for query, want := range map[string][]uint64{
			"sort=joined":         {ann.UserID, bob.UserID, cat.UserID, dan.UserID, joe.UserID},
			"sort=lastMsg":        {bob.UserID, joe.UserID},
			"page=2&limit=2":      {dan.UserID, cat.UserID},
			"page=4&limit=2":      {},
			"key=Kitty":           {cat.UserID},
			"key=" + bob.Nickname: nil, // a user name has a dot, so more may be found
			"key=%25":             {},
		} {
			query = strings.ReplaceAll(query, " ", "%20")
			m, err := ann.Members(ctx(t), group, query)
			got := m.IDs()
			if query == "sort=lastMsg" {
				got = got[:min(len(got), 2)]
			}
			if err != nil || want != nil && !slices.Equal(got, want) || want == nil && !slices.Contains(got, bob.UserID) {
				t.Errorf("%s: %v, want %v, %v", query, got, want, err)
			}
		}
		// An id may be part of others' names.
		if m, err := ann.Members(ctx(t), group, fmt.Sprint("key=", joe.UserID)); err != nil || !slices.Contains(m.IDs(), joe.UserID) {
			t.Errorf("by id: %+v, %v", m, err)
		}
		tryAll(t, []try{
			{"a sort that is not", 10001, func() error { _, err := ann.Members(ctx(t), group, "sort=pwd"); return err }},
			{"members to a stranger", 50005, func() error { _, err := eve.Members(ctx(t), group, ""); return err }},
			{"kick", 0, kick(bob, joe)},
			{"again", 50003, kick(bob, joe)},
		})
		for _, on := range []*ear{onCat, onDan} {
			e := grouped(t, on, "memberLeft", group)
			if fmt.Sprint(e["userIds"]) != fmt.Sprint([]any{float64(joe.UserID)}) || e["reason"] != "kick" || e["operator"] != float64(bob.UserID) || e["memberCount"] != 4.0 {
				t.Errorf("memberLeft: %v", e)
			}
		}
		since, err := cat.Members(ctx(t), group, fmt.Sprint("sinceVer=", m.Ver))
		if i := slices.Index(since.IDs(), joe.UserID); err != nil || i < 0 || !since.List[i].IsLeft || since.Ver <= m.Ver {
			t.Errorf("since %d: %+v, %v", m.Ver, since, err)
		}
		must(t, "quit", cat.Quit(ctx(t), group))
		if e := grouped(t, onDan, "memberLeft", group); e["reason"] != "quit" || e["memberCount"] != 3.0 {
			t.Errorf("memberLeft: %v", e)
		}
		tryAll(t, []try{
			{"quit again", 50005, func() error { return cat.Quit(ctx(t), group) }},
			{"the owner quits", 50012, func() error { return ann.Quit(ctx(t), group) }},
		})
		records, err := ann.GroupRequests(ctx(t), fmt.Sprintf("groupId=%d&type=2&flag=rev", group))
		if err != nil || len(records.List) != 2 || records.List[0].UserID != cat.UserID || records.List[1].UserID != joe.UserID ||
			records.List[1].Handler == nil || records.List[1].Handler.UserID != bob.UserID || records.List[1].Status != 1 {
			t.Errorf("records of leaving: %+v, %v", records, err)
		}

		give := func(c *client.Client, to uint64) func() error {
			return func() error { return c.Transfer(ctx(t), group, to) }
		}
		tryAll(t, []try{
			{"an admin takes it", 50006, give(bob, bob.UserID)},
			{"to oneself", 50006, give(ann, ann.UserID)},
			{"to who left", 50003, give(ann, cat.UserID)},
			{"to nobody", 50003, give(ann, 1<<50)},
			{"by a stranger", 50005, give(eve, eve.UserID)},
			{"to bob", 0, give(ann, bob.UserID)},
			{"it is his now", 50006, give(ann, dan.UserID)},
		})
		if e := grouped(t, onDan, "groupUpdated", group); e["creator"] != float64(bob.UserID) {
			t.Errorf("groupUpdated: %v", e)
		}
		g, err := dan.Group(ctx(t), group)
		if err != nil || g.Creator.UserID != bob.UserID || len(g.AdminList) != 2 {
			t.Errorf("transferred: %+v, %v", g, err)
		}
		tryAll(t, []try{
			{"the owner before may go", 0, func() error { return ann.Quit(ctx(t), group) }},
			{"the new one ends it", 0, func() error { return bob.Dissolve(ctx(t), group) }},
		})
	})
}
