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

// TestNoticesOfAGroup announces, confirms and takes back.
func TestNoticesOfAGroup(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob, cat, eve, cid := circle(t, s)
		group := number(t, cid)
		must(t, "admin", ann.SetMemberRole(ctx(t), group, bob.UserID, 2))
		onCat := listen(t, cat)
		post := func(c *client.Client, content string) func() error {
			return func() error { _, err := c.PostNotice(ctx(t), group, content, nil); return err }
		}
		tryAll(t, []try{
			{"by a member", 50006, post(cat, "x")},
			{"by a stranger", 50005, post(eve, "x")},
			{"nothing", 10001, post(ann, "")},
			{"nothing to see", 10001, post(ann, " \u200b\n")},
			{"2001 characters", 10001, post(ann, strings.Repeat("好", 2001))},
			{"a text that turns around", 10001, post(ann, "a\u202eb")},
			{"2000 characters", 0, post(bob, strings.Repeat("好", 2000))},
		})
		long := grouped(t, onCat, "groupNotice", group)
		if n, _ := long["notice"].(object); long["operator"] != float64(bob.UserID) || long["isDeleted"] == true || n["content"] != strings.Repeat("好", 2000) || n["userId"] != float64(bob.UserID) {
			t.Errorf("groupNotice: %.300v", long)
		}
		top, err := ann.PostNotice(ctx(t), group, "rules\nof the house", client.Fields{"isTop": true, "needConfirm": true})
		if err != nil || top.ID == 0 || top.GroupID != group || top.Content != "rules\nof the house" || top.User.UserID != ann.UserID || top.User.Nickname != ann.Nickname || !top.IsTop || !top.NeedConfirm || top.CreatedAt == 0 {
			t.Fatalf("notice: %+v, %v", top, err)
		}
		last, err := bob.PostNotice(ctx(t), group, "tea at five", nil)
		must(t, "notice", err)
		if tip := tipped(t, onCat, cid, 13); tip.Msg.TipMsg.OperatorID != bob.UserID || !strings.HasPrefix(tip.Msg.TipMsg.Content, bob.Nickname+"发布了群公告：好") || len([]rune(tip.MsgPreview)) > 64 {
			t.Errorf("tip: %+v", tip)
		}
		list, count, err := cat.Notices(ctx(t), group)
		if err != nil || count != 3 || len(list) != 3 || list[0].ID != top.ID || list[1].ID != last.ID || list[0].IsConfirmed || list[0].ConfirmCount != 0 || list[1].User.UserID != bob.UserID {
			t.Errorf("notices: %+v, %d, %v", list, count, err)
		}
		if g, err := cat.Group(ctx(t), group); err != nil || g.Notice == nil || g.Notice.ID != top.ID || g.Notice.User.Nickname != ann.Nickname {
			t.Errorf("on top: %+v, %v", g.Notice, err)
		}
		confirm := func(c *client.Client, id uint64) func() error {
			return func() error { return c.ConfirmNotice(ctx(t), id) }
		}
		tryAll(t, []try{
			{"read by a stranger", 50005, func() error { _, _, err := eve.Notices(ctx(t), group); return err }},
			{"confirm", 0, confirm(cat, top.ID)},
			{"again", 0, confirm(cat, top.ID)},
			{"what needs none", 10001, confirm(cat, last.ID)},
			{"none", 10006, confirm(cat, 1<<50)},
			{"by a stranger", 10006, confirm(eve, top.ID)},
			{"who confirmed, to a member", 50006, func() error { _, err := cat.Confirmed(ctx(t), top.ID); return err }},
			{"who confirmed, to a stranger", 10006, func() error { _, err := eve.Confirmed(ctx(t), top.ID); return err }},
			{"take back, by a member", 50006, func() error { return cat.DeleteNotice(ctx(t), top.ID) }},
			{"take back, by a stranger", 10006, func() error { return eve.DeleteNotice(ctx(t), top.ID) }},
			{"take back none", 10006, func() error { return ann.DeleteNotice(ctx(t), 1<<50) }},
		})
		who, err := bob.Confirmed(ctx(t), top.ID)
		if err != nil || who.Count != 1 || who.Total != 3 || len(who.List) != 1 || who.List[0].UserID != cat.UserID || who.List[0].Nickname != cat.Nickname || who.List[0].CreatedAt == 0 {
			t.Errorf("confirmed: %+v, %v", who, err)
		}
		if list, _, err := cat.Notices(ctx(t), group); err != nil || !list[0].IsConfirmed || list[0].ConfirmCount != 1 {
			t.Errorf("confirmed: %+v, %v", list[0], err)
		}
		must(t, "take back", bob.DeleteNotice(ctx(t), top.ID))
		for {
			e := grouped(t, onCat, "groupNotice", group)
			if e["isDeleted"] == true {
				if e["noticeId"] != float64(top.ID) || e["notice"] != nil {
					t.Errorf("groupNotice: %v", e)
				}
				break
			}
		}
		wantCode(t, "take back again", ann.DeleteNotice(ctx(t), top.ID), 10006)
		if list, count, err := cat.Notices(ctx(t), group); err != nil || count != 2 || list[0].ID != last.ID {
			t.Errorf("notices: %+v, %v", list, err)
		}
		if g, err := cat.Group(ctx(t), group); err != nil || g.Notice != nil {
			t.Errorf("nothing is on top: %+v, %v", g.Notice, err)
		}
		must(t, "quit", cat.Quit(ctx(t), group))
		wantCode(t, "read after leaving", func() error { _, _, err := cat.Notices(ctx(t), group); return err }(), 50005)
	})
}

// TestHowIHaveAGroup is settings of members, lists of groups and of friends.
func TestHowIHaveAGroup(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob, cat, eve, cid := circle(t, s)
		group := number(t, cid)
		onBob, onAnn := listen(t, another(t, s, bob, 0)), listen(t, ann)
		if c, err := bob.GroupConf(ctx(t), group); err != nil || c != (client.GroupConf{ShowNick: c.ShowNick}) {
			t.Errorf("at first: %+v, %v", c, err)
		}
		want := client.GroupConf{IsTop: true, IsMuted: true, ShowNick: true, MemberNickname: "Bobby", Remark: "the others", Saved: true}
		got, err := bob.SetGroupConf(ctx(t), group, client.Fields{
			"isTop": true, "isMuted": true, "showNick": true, "memberNickname": "Bobby", "remark": "the others", "saved": true,
		})
		read, err2 := bob.GroupConf(ctx(t), group)
		if err != nil || err2 != nil || got != want || read != want {
			t.Errorf("set %+v, read %+v, %v, %v", got, read, err, err2)
		}
		onBob.hear(t, "sessionUpdated", func(is string, data object) bool {
			return is == "sessionUpdated" && data["conversationId"] == cid && data["isTop"] == true && data["isMuted"] == true
		})
		must(t, "set", func() error {
			_, err := bob.SetGroupConf(ctx(t), group, client.Fields{"remark": "friends"})
			return err
		}())
		for _, remark := range []string{"the others", "friends"} {
			if e := grouped(t, onBob, "confUpdated", group); e["remark"] != remark {
				t.Errorf("confUpdated: %v", e)
			}
		}
		if e := grouped(t, onAnn, "memberUpdated", group); e["member"].(object)["memberNickname"] != "Bobby" {
			t.Errorf("memberUpdated: %v", e)
		}
		if c, err := bob.Session(ctx(t), cid); err != nil || !c.IsTop || !c.IsMuted {
			t.Errorf("conversation: %+v, %v", c, err)
		}
		if c, err := cat.GroupConf(ctx(t), group); err != nil || c.IsTop || c.MemberNickname != "" {
			t.Errorf("cat's: %+v, %v", c, err)
		}
		conf := func(c *client.Client, f client.Fields) func() error {
			return func() error { _, err := c.SetGroupConf(ctx(t), group, f); return err }
		}
		tryAll(t, []try{
			{"a stranger's", 50005, func() error { _, err := eve.GroupConf(ctx(t), group); return err }},
			{"set a stranger's", 50005, conf(eve, client.Fields{"isTop": true})},
			{"a name of 33", 10001, conf(bob, client.Fields{"memberNickname": strings.Repeat("x", 33)})},
			{"a name of two lines", 10001, conf(bob, client.Fields{"memberNickname": "a\nb"})},
			{"a remark of 65", 10001, conf(bob, client.Fields{"remark": strings.Repeat("x", 65)})},
			{"a remark of two lines", 10001, conf(bob, client.Fields{"remark": "a\nb"})},
			{"a good key beside a bad one", 10001, conf(bob, client.Fields{"isTop": false, "remark": strings.Repeat("x", 65)})},
		})
		if c, err := bob.GroupConf(ctx(t), group); err != nil || !c.IsTop || c.Remark != "friends" {
			t.Errorf("what was refused changed it: %+v, %v", c, err)
		}
		must(t, "open", ann.UpdateGroup(ctx(t), group, client.Fields{"isSearch": true}))
		tryAll(t, []try{
			{"a stranger's, now it is found", 50003, func() error { _, err := eve.GroupConf(ctx(t), group); return err }},
			{"members, now it is found", 50003, func() error { _, err := eve.Members(ctx(t), group, ""); return err }},
		})

		own2, err := bob.CreateGroup(ctx(t), "100%_team")
		must(t, "make", err)
		must(t, "open", bob.UpdateGroup(ctx(t), own2, client.Fields{"isSearch": true}))
		ids := func(c client.Cards) (ids []uint64) {
			for _, one := range c.List {
				ids = append(ids, one.GroupID)
			}
			slices.Sort(ids)
			return ids
		}
		for query, want := range map[string][]uint64{
			"": {group, own2}, "mode=0": {group, own2}, "mode=1": {own2}, "mode=2": {group}, "mode=3": {group}, "page=2": nil, "limit=1&page=2": {group},
		} {
			slices.Sort(want)
			if c, err := bob.Groups(ctx(t), query); err != nil || !slices.Equal(ids(c), want) {
				t.Errorf("my groups, %q: %v, want %v, %v", query, ids(c), want, err)
			}
		}
		mine, err := bob.Groups(ctx(t), "mode=2")
		if c := mine.List[0]; err != nil || c.Title != "circle" || c.Creator != ann.UserID || c.MemberCount != 3 || c.Role != 3 || !c.IsInGroup || c.MyConf == nil || c.MyConf.Remark != "friends" || mine.Count != 1 {
			t.Errorf("mine: %+v, %v", c, err)
		}
		find := func(key string) func() error {
			return func() error { _, err := eve.SearchGroups(ctx(t), key); return err }
		}
		tryAll(t, []try{
			{"a mode that is not", 10001, func() error { _, err := bob.Groups(ctx(t), "mode=4"); return err }},
			{"a mode below", 10001, func() error { _, err := bob.Groups(ctx(t), "mode=-1"); return err }},
			{"no key", 10001, find("")}, {"a blank one", 10001, find("  ")}, {"one of 65", 10001, find(strings.Repeat("x", 65))},
		})
		// No title of another test has it.
		title := fmt.Sprint("needle 100%_", own2)
		must(t, "title", bob.UpdateGroup(ctx(t), own2, client.Fields{"title": title}))
		for key, want := range map[string]bool{
			title: true, title[8:]: true, fmt.Sprint(own2): true, strings.ToUpper(title): true, "needle%100": false, strings.Replace(title, "_", "x", 1): false,
			strings.Replace(title, "%", "x", 1): false,
		} {
			c, err := eve.SearchGroups(ctx(t), key)
			if err != nil || slices.Contains(ids(c), own2) != want {
				t.Errorf("search %q: %+v, %v", key, c, err)
			}
			for _, one := range c.List {
				if one.GroupID == own2 && (one.IsInGroup || one.Role != 0 || one.MyConf != nil || one.Title != title) {
					t.Errorf("search %q: %+v", key, one)
				}
			}
		}
		must(t, "hide", bob.UpdateGroup(ctx(t), own2, client.Fields{"isSearch": false}))
		if c, err := eve.SearchGroups(ctx(t), title); err != nil || c.Count != 0 {
			t.Errorf("hidden, and found: %+v, %v", c, err)
		}

		dan := mate(t, s, bob, 1)
		list, count, err := bob.GroupFriends(ctx(t), group)
		in := map[uint64]bool{}
		for _, f := range list {
			if in[f.UserID] = f.IsInGroup; f.Nickname == "" {
				t.Errorf("friend: %+v", f)
			}
		}
		if err != nil || count != 2 || !in[ann.UserID] || in[dan.UserID] || len(in) != 2 {
			t.Errorf("friends: %+v, %v", list, err)
		}
		wantCode(t, "friends, of a stranger", func() error { _, _, err := eve.GroupFriends(ctx(t), group); return err }(), 50003)
		wantCode(t, "friends, of none", func() error { _, _, err := eve.GroupFriends(ctx(t), 1<<50); return err }(), 50005)
	})
}

// TestTipsAreInTheReadersLanguage is what happens to a group, as it is told.
func TestTipsAreInTheReadersLanguage(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob, cat, _, cid := circle(t, s)
		group := number(t, cid)
		cat.Lang = "en"
		onBob, onCat := listen(t, bob), listen(t, cat)
		A, B := ann.Nickname, bob.Nickname
		var seq uint64
		for _, c := range []struct {
			what   string
			do     func() error
			status int32
			zh, en string // as Bob is told, and as Cat is
		}{
			{"title", func() error { return ann.UpdateGroup(ctx(t), group, client.Fields{"title": "choir"}) }, 5, A + "将群名改为“choir”", A + " named the group “choir”"},
			{"an admin", func() error { return ann.SetMemberRole(ctx(t), group, bob.UserID, 2) }, 7, A + "将你设为管理员", A + " gave " + B + " the rights of an admin"},
			{"a mute", func() error { return bob.MuteMember(ctx(t), group, cat.UserID, 10) }, 9, "你将" + cat.Nickname + "禁言 10 分钟", B + " muted you for 10 min"},
			{"its end", func() error { return bob.MuteMember(ctx(t), group, cat.UserID, nil) }, 10, "你解除了" + cat.Nickname + "的禁言", B + " unmuted you"},
			{"a mute of all", func() error { return ann.UpdateGroup(ctx(t), group, client.Fields{"isProhibition": true}) }, 11, A + "开启了全员禁言", A + " muted all members"},
			{"its end", func() error { return ann.UpdateGroup(ctx(t), group, client.Fields{"isProhibition": false}) }, 12, A + "关闭了全员禁言", A + " let all members speak again"},
			{"no admin", func() error { return ann.SetMemberRole(ctx(t), group, bob.UserID, 3) }, 8, A + "取消了你的管理员身份", A + " took the rights of an admin from " + B},
			{"a notice", func() error { _, err := ann.PostNotice(ctx(t), group, "tea", nil); return err }, 13, A + "发布了群公告：tea", A + " announced: tea"},
			{"an owner", func() error { return ann.Transfer(ctx(t), group, bob.UserID) }, 6, "你成为了群主", B + " became the owner of the group"},
			{"the old one leaves", func() error { return ann.Quit(ctx(t), group) }, 3, A + "退出了群聊", A + " left the group"},
		} {
			must(t, c.what, c.do())
			for on, want := range map[*ear]string{onBob: c.zh, onCat: c.en} {
				m := tipped(t, on, cid, c.status)
				if m.Msg.TipMsg.Content != want || m.MsgPreview != ctype.Shorten(want, 64) || m.Seq <= seq && on == onBob || m.GroupID != group {
					t.Errorf("%s: %+v, preview %q, want %q", c.what, m.Msg.TipMsg, m.MsgPreview, want)
				}
				if on == onBob {
					seq = m.Seq
				}
			}
			for who, want := range map[*client.Client]string{bob: c.zh, cat: c.en} {
				h, err := who.Before(ctx(t), cid, 0, 1)
				if err != nil || len(h.List) != 1 || h.List[0].Msg.TipMsg == nil || h.List[0].Msg.TipMsg.Content != want || h.List[0].Msg.TipMsg.Status != c.status {
					t.Errorf("%s, in the history: %+v, %v", c.what, h, err)
				}
				one, err := who.Session(ctx(t), cid)
				if err != nil || one.LastMsg == nil || one.LastMsg.MsgPreview != ctype.Shorten(want, 64) || one.LastMsg.MsgType != 12 {
					t.Errorf("%s, in the list: %+v, %v", c.what, one.LastMsg, err)
				}
			}
		}
		// They count as messages, and are no one's to take back.
		h, err := cat.Before(ctx(t), cid, 0, 1)
		must(t, "history", err)
		tip := h.List[0]
		if c, err := cat.Session(ctx(t), cid); err != nil || c.Unread != uint64(len(all(t, cat, cid))) || c.MaxSeq != tip.Seq {
			t.Errorf("unread: %+v, %v", c, err)
		}
		if _, err := bob.Recall(ctx(t), tip.ID); client.Code(err) == 0 {
			t.Error("a tip was taken back")
		}
		if again, err := cat.Message(ctx(t), tip.ID); err != nil || again.Status != 0 || again.Msg.TipMsg.Content != tip.Msg.TipMsg.Content {
			t.Errorf("the tip: %+v, %v", again, err)
		}
		_, err = bob.Forward(ctx(t), client.ForwardRequest{IDList: []uint64{tip.ID}, Targets: []string{cid}, Mode: "each", ClientMsgIDs: []string{"f"}})
		wantCode(t, "forward a tip", err, 40021)
		_, err = bob.Send(ctx(t), client.SendRequest{GroupID: group, ClientMsgID: "tip", Msg: client.Body{Type: 12, TipMsg: &client.TipMsg{Status: 6, Content: "I own it"}}})
		wantCode(t, "a tip of one's own", err, 40005)
	})
}

func all(t *testing.T, c *client.Client, cid string) []client.Message {
	t.Helper()
	list, err := c.All(ctx(t), cid)
	must(t, "history", err)
	return list
}

// TestWhoMaySpeakInAGroup is mutes, ranks, and what who comes and goes reads.
func TestWhoMaySpeakInAGroup(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob, cat, _, cid := circle(t, s)
		group := number(t, cid)
		must(t, "admin", ann.SetMemberRole(ctx(t), group, bob.UserID, 2))
		n := 0
		on := map[*client.Client]*ear{ann: listen(t, ann), bob: listen(t, bob), cat: listen(t, cat)}
		speaks := func(what string, c *client.Client, code int) {
			t.Helper()
			n++
			_, err := c.Send(ctx(t), client.SendRequest{GroupID: group, ClientMsgID: fmt.Sprint("r", n), Msg: client.Text(what)})
			wantCode(t, what+", REST", err, code)
			_, err = on[c].Send(ctx(t), client.SendRequest{GroupID: group, ClientMsgID: fmt.Sprint("s", n), Msg: client.Text(what)})
			wantCode(t, what+", socket", err, code)
		}
		speaks("a member", cat, 0)
		must(t, "mute", bob.MuteMember(ctx(t), group, cat.UserID, 1))
		speaks("muted", cat, 50010)
		m, err := ann.Members(ctx(t), group, "key="+cat.Name)
		if err != nil || len(m.List) != 1 || m.List[0].ProhibitionUntil == 0 {
			t.Errorf("muted: %+v, %v", m, err)
		}
		_, err = cat.Send(ctx(t), client.SendRequest{GroupID: group, ClientMsgID: "until", Msg: client.Text("x")})
		if e := refuses(t, "muted", err, 403, 50010); !strings.Contains(string(e.Data), fmt.Sprint(m.List[0].ProhibitionUntil)) {
			t.Errorf("it is not said until when: %s", e.Data)
		}
		must(t, "lift", ann.MuteMember(ctx(t), group, cat.UserID, nil))
		speaks("lifted", cat, 0)
		must(t, "mute all", ann.UpdateGroup(ctx(t), group, client.Fields{"isProhibition": true}))
		speaks("a member while all are muted", cat, 50011)
		speaks("an admin while all are muted", bob, 0)
		speaks("the owner while all are muted", ann, 0)
		must(t, "no admin", ann.SetMemberRole(ctx(t), group, bob.UserID, 3))
		speaks("an admin before", bob, 50011)
		must(t, "admin", ann.SetMemberRole(ctx(t), group, bob.UserID, 2))
		must(t, "lift", bob.UpdateGroup(ctx(t), group, client.Fields{"isProhibition": false}))
		speaks("all again", cat, 0)

		// The sender is shown as what he is in the group.
		must(t, "name", bob.RenameMember(ctx(t), group, 0, "Bobby"))
		hers, his, own := say(t, ann, cid, "by the owner"), say(t, bob, cid, "by an admin"), say(t, cat, cid, "by a member")
		if m, err := cat.Message(ctx(t), his.MsgID); err != nil || m.SendUser.MemberNickname != "Bobby" || m.SendUser.Role != 2 || m.SendUser.Nickname != bob.Nickname {
			t.Errorf("by %+v, %v", m.SendUser, err)
		}
		recall := func(c *client.Client, id uint64) func() error {
			return func() error { _, err := c.Recall(ctx(t), id); return err }
		}
		tryAll(t, []try{
			{"an admin recalls the owner's", 40012, recall(bob, hers.MsgID)},
			{"a member recalls an admin's", 40012, recall(cat, his.MsgID)},
			{"an admin recalls a member's", 0, recall(bob, own.MsgID)},
			{"the owner recalls an admin's", 0, recall(ann, his.MsgID)},
		})
		db := database(t, s)
		old := say(t, cat, cid, "long ago")
		age(t, db, old.MsgID, 24*3600*1000)
		wantCode(t, "one's own after the window", recall(cat, old.MsgID)(), 40013)
		must(t, "no admin", ann.SetMemberRole(ctx(t), group, bob.UserID, 3))
		wantCode(t, "an admin before recalls", recall(bob, old.MsgID)(), 40012)
		must(t, "admin", ann.SetMemberRole(ctx(t), group, bob.UserID, 2))
		must(t, "quit", cat.Quit(ctx(t), group))
		wantCode(t, "of who left", recall(bob, old.MsgID)(), 0)

		// Who comes reads from then on; who comes back from the coming back on.
		say(t, ann, cid, "while she was away")
		if r, err := ann.Invite(ctx(t), group, cat.UserID); err != nil || len(r.Added) != 1 {
			t.Fatalf("invite: %+v, %v", r, err)
		}
		say(t, ann, cid, "back again")
		for _, m := range all(t, cat, cid) {
			if m.MsgType != 12 && m.Content() != "back again" {
				t.Errorf("she reads %q", m.Content())
			}
		}
		wantCode(t, "what was before", func() error { _, err := cat.Message(ctx(t), hers.MsgID); return err }(), 40011)
		must(t, "let all be seen", ann.UpdateGroup(ctx(t), group, client.Fields{"historyVisible": true}))
		dan := mate(t, s, ann, 1)
		if r, err := ann.Invite(ctx(t), group, dan.UserID); err != nil || len(r.Added) != 1 {
			t.Fatalf("invite: %+v, %v", r, err)
		}
		if list := all(t, dan, cid); len(list) == 0 || list[0].Seq != 1 || !slices.ContainsFunc(list, func(m client.Message) bool { return m.Content() == "while she was away" }) {
			t.Errorf("he sees %d messages", len(list))
		}
	})
}

// TestRoutesOfTheFamily are chat's, under the names the family has for groups.
func TestRoutesOfTheFamily(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob, _, eve, cid := circle(t, s)
		group := number(t, cid)
		say(t, ann, private(ann, bob), "to bob alone")
		sent, err := ann.GroupSend(ctx(t), client.SendRequest{GroupID: group, ClientMsgID: "1", Msg: client.Text("hello"), AtUserIDs: []uint64{bob.UserID}})
		if err != nil || sent.ConversationID != cid || sent.Seq != 1 {
			t.Fatalf("send: %+v, %v", sent, err)
		}
		if again, err := ann.Send(ctx(t), client.SendRequest{GroupID: group, ClientMsgID: "1", Msg: client.Text("other")}); err != nil || !again.Dup || again.MsgID != sent.MsgID {
			t.Errorf("by the other door: %+v, %v", again, err)
		}
		h, err := bob.GroupHistory(ctx(t), group, "afterSeq=0&limit=5")
		other, err2 := bob.After(ctx(t), cid, 0, 5)
		a, _ := json.Marshal(h)
		b, _ := json.Marshal(other)
		if err != nil || err2 != nil || string(a) != string(b) || len(h.List) != 1 || h.List[0].Content() != "hello" {
			t.Errorf("history %s\nby the other door %s", a, b)
		}
		must(t, "top", bob.TopGroup(ctx(t), group, true))
		l, err := bob.GroupSessions(ctx(t))
		if err != nil || len(l.List) != 1 || l.List[0].ConversationID != cid || !l.List[0].IsTop || !l.List[0].AtMe || l.List[0].Unread != 1 {
			t.Errorf("sessions: %+v, %v", l, err)
		}
		must(t, "by id", bob.Call(ctx(t), "PUT", "/api/group/top", object{"id": group, "isTop": false}, nil))
		must(t, "clear", bob.ClearGroup(ctx(t), group))
		l, err = bob.GroupSessions(ctx(t))
		if err != nil || len(l.List) != 1 || l.List[0].IsTop || l.List[0].Unread != 0 || l.List[0].ClearSeq != 1 || l.List[0].IsHidden {
			t.Errorf("cleared: %+v, %v", l, err)
		}
		if h, err := bob.GroupHistory(ctx(t), group, ""); err != nil || len(h.List) != 0 {
			t.Errorf("cleared: %+v, %v", h, err)
		}
		if h, err := ann.GroupHistory(ctx(t), group, "beforeSeq=0"); err != nil || len(h.List) != 1 {
			t.Errorf("ann's: %+v, %v", h, err)
		}
		tryAll(t, []try{
			{"send, a stranger", 50003, func() error {
				_, err := eve.GroupSend(ctx(t), client.SendRequest{GroupID: group, ClientMsgID: "1", Msg: client.Text("x")})
				return err
			}},
			{"send, to nobody", 10001, func() error {
				_, err := ann.GroupSend(ctx(t), client.SendRequest{RevUserID: bob.UserID, ClientMsgID: "2", Msg: client.Text("x")})
				return err
			}},
			{"history, a stranger", 40001, func() error { _, err := eve.GroupHistory(ctx(t), group, ""); return err }},
			{"history, of none", 40001, func() error { _, err := ann.GroupHistory(ctx(t), 1<<50, ""); return err }},
			{"clear, a stranger", 40001, func() error { return eve.ClearGroup(ctx(t), group) }},
			{"top, a stranger", 40001, func() error { return eve.TopGroup(ctx(t), group, true) }},
			{"history, by nobody", 10002, func() error { _, err := client.New(ann.Base).GroupHistory(ctx(t), group, ""); return err }},
		})
	})
}
