package e2e

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"tudoIM/test/client"
	"tudoIM/test/suite"
)

// TestHostileGroupIDs are ids that are none, on every route of groups.
func TestHostileGroupIDs(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob, cat, eve, _ := circle(t, s)
		var rows []hostile
		for _, id := range []string{"0", "9223372036854775807", "9223372036854775808", "18446744073709551615"} {
			for _, r := range []struct {
				method, path string
				nobody       int
			}{
				{"GET", "group/%s", 50005}, {"DELETE", "group/%s", 50005}, {"GET", "member?id=%s", 50005}, {"GET", "friends?id=%s", 50005}, {"GET", "notice/%s", 50005},
				{"DELETE", "notice/%s", 10006}, {"POST", "notice/%s/confirm", 10006}, {"GET", "notice/%s/confirm", 10006}, {"GET", "conf/%s", 50005},
				{"GET", "valid/%s", 50005}, {"GET", "black?groupId=%s", 50005}, {"GET", "history/%s", 40001}, {"DELETE", "history/%s", 40001},
			} {
				path := "/api/group/" + fmt.Sprintf(r.path, id)
				rows = append(rows, hostile{r.method + " " + path, ann, r.method, path, nil, 404, r.nobody})
			}
			n := json.Number(id)
			for _, r := range []struct {
				method, path string
				body         object
				status, code int
			}{
				{"PUT", "group", object{"id": n, "title": "x"}, 404, 50005}, {"POST", "group/" + id + "/transfer", object{"userId": bob.UserID}, 404, 50005},
				{"POST", "member", object{"id": n, "memberIdList": []uint64{bob.UserID}}, 404, 50005}, {"DELETE", "member", object{"id": n, "memberId": 1}, 404, 50005},
				{"POST", "quit", object{"id": n}, 404, 50005}, {"PUT", "member/nickname", object{"id": n, "nickname": "x"}, 404, 50005},
				{"PUT", "member/role", object{"id": n, "memberId": 1, "role": 2}, 404, 50005}, {"PUT", "member/prohibition", object{"id": n, "memberId": 1, "minutes": 1}, 404, 50005},
				{"POST", "notice", object{"groupId": n, "content": "x"}, 404, 50005}, {"PUT", "conf", object{"groupId": n, "isTop": true}, 404, 50005},
				{"POST", "valid", object{"groupId": n, "verify": "x"}, 404, 50005}, {"PUT", "valid/status", object{"validId": n, "status": 1}, 403, 50006},
				{"POST", "link", object{"groupId": n}, 404, 50005}, {"POST", "black", object{"groupId": n, "userId": bob.UserID}, 404, 50005},
				{"DELETE", "black", object{"groupId": n, "userId": bob.UserID}, 404, 50005},
			} {
				rows = append(rows, hostile{r.method + " " + r.path + " " + id, ann, r.method, "/api/group/" + r.path, r.body, r.status, r.code})
			}
		}
		for _, id := range []string{"-1", "18446744073709551616", "0x1", "1e3", "null", "1.5"} {
			for _, r := range [][2]string{
				{"GET", "group/" + id}, {"DELETE", "group/" + id}, {"GET", "member?id=" + id}, {"GET", "friends?id=" + id}, {"GET", "notice/" + id}, {"DELETE", "notice/" + id},
				{"POST", "notice/" + id + "/confirm"}, {"GET", "conf/" + id}, {"GET", "valid/" + id}, {"GET", "black?groupId=" + id}, {"GET", "history/" + id}, {"GET", "valid?groupId=" + id},
			} {
				rows = append(rows, hostile{r[0] + " " + r[1], ann, r[0], "/api/group/" + r[1], nil, 400, 10001})
			}
		}
		for _, id := range []any{-1, "2", "1 or 1=1", object{"$ne": 0}, []int{2}, true, 1.5} {
			body := object{}
			for _, key := range []string{"id", "groupId", "memberId", "userId", "validId", "noticeId"} {
				body[key] = id
			}
			for k, v := range (object{"memberIdList": []any{id}, "role": 2, "minutes": 1, "nickname": "x", "content": "x", "status": 1, "isTop": true, "clientMsgId": "c", "msg": client.Text("x")}) {
				body[k] = v
			}
			for _, r := range [][2]string{
				{"POST", "member"}, {"DELETE", "member"}, {"POST", "quit"}, {"PUT", "member/nickname"}, {"PUT", "member/role"}, {"PUT", "member/prohibition"},
				{"POST", "notice"}, {"PUT", "conf"}, {"POST", "valid"}, {"PUT", "valid/status"}, {"POST", "link"}, {"POST", "black"}, {"DELETE", "black"}, {"PUT", "top"}, {"POST", "send"},
			} {
				rows = append(rows, hostile{fmt.Sprint(r, " ", id), ann, r[0], "/api/group/" + r[1], body, 400, 10001})
			}
			rows = append(rows, hostile{fmt.Sprint("PUT group ", id), ann, "PUT", "/api/group/group", object{"id": id, "title": "x"}, 400, 10001})
		}
		nobody := client.New(ann.Base)
		for _, r := range routesOfGroups(1) {
			method, path, _ := strings.Cut(r, " ")
			rows = append(rows, hostile{"by nobody: " + r, nobody, method, path, nil, 401, 10002})
		}
		withstand(t, s, []*client.Client{ann, bob, cat, eve}, rows)
	})
}

// routesOfGroups are all there are, of a group.
func routesOfGroups(group uint64) []string {
	var all []string
	for _, r := range []string{
		"POST group", "GET group/ID", "PUT group", "DELETE group/ID", "POST group/ID/transfer", "GET my", "GET search?key=a", "GET member?id=ID", "POST member", "DELETE member",
		"POST quit", "PUT member/nickname", "PUT member/role", "PUT member/prohibition", "GET friends?id=ID", "GET notice/ID", "POST notice", "DELETE notice/ID",
		"POST notice/ID/confirm", "GET notice/ID/confirm", "GET conf/ID", "PUT conf", "GET valid/ID", "POST valid", "GET valid", "PUT valid/status", "POST link", "GET link/x",
		"POST link/x/join", "DELETE link/x", "GET black?groupId=ID", "POST black", "DELETE black", "GET admin/groups", "DELETE admin/groups", "PUT admin/groups/ID/status",
		"GET admin/messages/ID", "DELETE admin/messages", "POST send", "GET history/ID", "DELETE history/ID", "GET session", "PUT top",
	} {
		method, path, _ := strings.Cut(r, " ")
		all = append(all, method+" /api/group/"+strings.ReplaceAll(path, "ID", fmt.Sprint(group)))
	}
	return all
}

// TestHostileGroups are rows R1, R4, R5, R7 and R12 to R19 as far as they are one
// request each.
func TestHostileGroups(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob, cat, eve, cid := circle(t, s)
		group := number(t, cid)
		dan, kept := register(t, s, 0), register(t, s, 1)
		must(t, "admin", ann.SetMemberRole(ctx(t), group, bob.UserID, 2))
		must(t, "keep out", ann.BlockInGroup(ctx(t), group, kept.UserID))
		hers := say(t, ann, cid, "not for eve")
		his := say(t, bob, cid, "by bob")
		say(t, cat, cid, "by cat") // who sends for the first time gets a row that says who may
		note, err := ann.PostNotice(ctx(t), group, "not for eve", client.Fields{"needConfirm": true})
		must(t, "notice", err)
		other, err := dan.NewGroup(ctx(t), client.Fields{"mode": 1, "title": "another", "isSearch": true})
		must(t, "another", err)
		must(t, "ask", dan.UpdateGroup(ctx(t), other, client.Fields{
			"verification": 4, "verificationQuestion": object{"problem1": "pet?", "answer1": "secret-cat"},
		}))
		shut := openTo(t, dan, "shut", client.Fields{"verification": 0})
		asked := openTo(t, dan, "asked", client.Fields{"verification": 2})
		pending := joins(t, eve, asked, client.Fields{"verify": "hi"}, "pending").VerifyID
		must(t, "she blocks him", block(t, eve, ann.UserID))

		id := fmt.Sprint(group)
		const g = "/api/group/"
		put := func(f object) object { f["id"] = group; return f }
		rows := []hostile{
			{"R1 information", eve, "GET", g + "group/" + id, nil, 404, 50005},
			{"R1 members", eve, "GET", g + "member?id=" + id, nil, 404, 50005},
			{"R1 notices", eve, "GET", g + "notice/" + id, nil, 404, 50005},
			{"R1 a notice", eve, "GET", g + fmt.Sprintf("notice/%d/confirm", note.ID), nil, 404, 10006},
			{"R1 confirm a notice", eve, "POST", g + fmt.Sprintf("notice/%d/confirm", note.ID), nil, 404, 10006},
			{"R1 settings", eve, "GET", g + "conf/" + id, nil, 404, 50005},
			{"R1 how to get in", eve, "GET", g + "valid/" + id, nil, 404, 50005},
			{"R1 black list", eve, "GET", g + "black?groupId=" + id, nil, 404, 50005},
			{"R1 friends in it", eve, "GET", g + "friends?id=" + id, nil, 404, 50005},
			{"R1 history", eve, "GET", g + "history/" + id, nil, 404, 40001},
			{"R1 history, by the other door", eve, "GET", "/api/chat/history?conversationId=" + cid, nil, 404, 40001},
			{"R1 members of one that is found", eve, "GET", g + fmt.Sprint("member?id=", other), nil, 403, 50003},
			{"R1 notices of one that is found", eve, "GET", g + fmt.Sprint("notice/", other), nil, 403, 50003},
			{"R1 settings in one that is found", eve, "GET", g + fmt.Sprint("conf/", other), nil, 403, 50003},

			{"R4 accept for another group", ann, "PUT", g + "valid/status", object{"validId": pending, "status": 1}, 403, 50006},
			{"R4 accept one's own", eve, "PUT", g + "valid/status", object{"validId": pending, "status": 1}, 403, 50006},
			{"R4 refuse one's own", eve, "PUT", g + "valid/status", object{"validId": pending, "status": 2}, 403, 50006},
			{"R4 delete for another group", ann, "PUT", g + "valid/status", object{"validId": pending, "status": 4}, 403, 50006},
			{"R4 requests of another group", ann, "GET", g + fmt.Sprintf("valid?flag=rev&groupId=%d", asked), nil, 403, 50003},

			{"R5 a stranger, who blocked me, and nobody", ann, "POST", g + "member", object{"id": group, "memberIdList": []uint64{dan.UserID, eve.UserID, 1 << 50, 0}}, 200, 0},
			{"R5 10,000", ann, "POST", g + "member", object{"id": group, "memberIdList": slices.Repeat([]uint64{bob.UserID}, 10_000)}, 400, 10001},
			{"R5 nobody", ann, "POST", g + "member", object{"id": group, "memberIdList": []uint64{}}, 400, 10001},
			{"R5 by who is not in", eve, "POST", g + "member", object{"id": group, "memberIdList": []uint64{dan.UserID}}, 404, 50005},

			{"R12 role admin, in words", ann, "PUT", g + "member/role", object{"id": group, "memberId": cat.UserID, "role": "admin"}, 400, 10001},
			{"R12 mute in seconds", ann, "PUT", g + "member/prohibition", object{"id": group, "memberId": cat.UserID, "minutes": 1_000_000_000}, 400, 10001},
			{"R12 mute in words", ann, "PUT", g + "member/prohibition", object{"id": group, "memberId": cat.UserID, "minutes": "5"}, 400, 10001},
			{"R12 mute for half a minute", ann, "PUT", g + "member/prohibition", object{"id": group, "memberId": cat.UserID, "minutes": 0.5}, 400, 10001},
			{"R12 mute with more than a number holds", ann, "PUT", g + "member/prohibition", object{"id": group, "memberId": cat.UserID, "minutes": 1 << 40}, 400, 10001},

			{"R13 a notice", cat, "POST", g + "notice", object{"groupId": group, "content": "x"}, 403, 50006},
			{"R13 take one back", cat, "DELETE", g + fmt.Sprint("notice/", note.ID), nil, 403, 50006},
			{"R13 who confirmed", cat, "GET", g + fmt.Sprintf("notice/%d/confirm", note.ID), nil, 403, 50006},
			{"R13 the size, as an admin", bob, "PUT", g + "group", put(object{"size": 9}), 403, 50006},
			{"R13 the end, as an admin", bob, "DELETE", g + "group/" + id, nil, 403, 50006},

			{"R14 while kept out", kept, "POST", g + "valid", object{"groupId": group}, 404, 50005},
			{"R14 while nobody may", eve, "POST", g + "valid", object{"groupId": shut, "verify": "hi"}, 403, 50013},
			{"R14 without an answer", eve, "POST", g + "valid", object{"groupId": other}, 403, 50014},

			{"R15 a member recalls the owner's", cat, "POST", "/api/chat/recall", object{"msgId": hers.MsgID}, 403, 40012},
			{"R15 a member recalls an admin's", cat, "POST", "/api/chat/recall", object{"msgId": his.MsgID}, 403, 40012},
			{"R15 an admin recalls the owner's", bob, "POST", "/api/chat/recall", object{"msgId": hers.MsgID}, 403, 40012},
			{"R15 a stranger recalls", eve, "POST", "/api/chat/recall", object{"msgId": hers.MsgID}, 404, 40011},

			{"R16 the end, as a member", cat, "DELETE", g + "group/" + id, nil, 403, 50006},
			{"R16 the end, as a stranger", eve, "DELETE", g + "group/" + id, nil, 404, 50005},
			{"R16 the end of all, as no administrator", ann, "DELETE", g + "admin/groups", object{"idList": []uint64{group}}, 403, 10005},

			{"R18 @all by a member", cat, "POST", g + "send", object{"groupId": group, "clientMsgId": "1", "msg": client.Text("@all"), "atAll": true}, 403, 10005},
			{"R18 @ of 21", ann, "POST", g + "send", object{"groupId": group, "clientMsgId": "2", "msg": client.At("@", numbers(21)...)}, 400, 40005},
			{"R18 @ of 10,000", ann, "POST", g + "send", object{"groupId": group, "clientMsgId": "3", "msg": client.Text("@"), "atUserIds": numbers(10_000)}, 400, 10001},

			{"R19 a group of 0", ann, "POST", g + "group", object{"mode": 1, "title": "x", "size": 0}, 400, 50004},
			{"R19 a group of 1", ann, "POST", g + "group", object{"mode": 1, "title": "x", "size": 1}, 400, 50004},
			{"R19 a group of -1", ann, "POST", g + "group", object{"mode": 1, "title": "x", "size": -1}, 400, 50004},
			{"R19 with ids that are none", ann, "POST", g + "group", object{"mode": 1, "title": "x", "userIdList": []uint64{1 << 50}}, 403, 50002},
			{"R19 with id 0", ann, "POST", g + "group", object{"mode": 1, "title": "x", "userIdList": []uint64{0}}, 403, 50002},

			{"a title that turns around", ann, "PUT", g + "group", put(object{"title": "a\u202eb"}), 400, 10001},
			{"a title of 1 MB", ann, "PUT", g + "group", put(object{"title": strings.Repeat("x", 1<<20)}), 413, 10008},
			{"a title of bytes", ann, "PUT", g + "group", "{\"id\":" + id + ",\"title\":\"\xff\"}", 400, 10001},
			{"a title with a second line", ann, "PUT", g + "group", put(object{"title": "a\nb"}), 400, 10001},
			{"a notice of NUL", ann, "POST", g + "notice", object{"groupId": group, "content": "a\x00b"}, 400, 10001},
			{"a page of text", ann, "GET", g + "member?id=" + id + "&page=1%20union", nil, 400, 10001},
			{"sorted by SQL", ann, "GET", g + "member?id=" + id + "&sort=role%3Bdrop%20table%20group_models", nil, 400, 10001},
			{"a key of SQL", ann, "GET", g + "member?id=" + id + "&key=%27%20or%201=1%20--%20", nil, 200, 0},
			{"only wildcards", eve, "GET", g + "search?key=" + strings.Repeat("%25_", 16), nil, 200, 0},
			{"a link of SQL", eve, "GET", g + "link/a~-~or~1", nil, 404, 50018},
			{"a link that is long", eve, "GET", g + "link/" + strings.Repeat("A", 4000), nil, 404, 50018},
		}
		for _, key := range []string{"owner", "creator", "role", "memberCount", "groupId", "isDissolved", "deletedAt", "status", "ver", "adminList", "createdAt"} {
			rows = append(rows, hostile{"R7 " + key, ann, "PUT", g + "group", put(object{"title": "new", key: bob.UserID}), 400, 10001})
		}
		for _, role := range []int{0, 1, 4, -1} {
			rows = append(rows, hostile{fmt.Sprint("R12 role ", role), ann, "PUT", g + "member/role", object{"id": group, "memberId": cat.UserID, "role": role}, 400, 10001})
		}
		for _, minutes := range []int{-1, 0, 43201} {
			rows = append(rows, hostile{fmt.Sprint("R12 mute ", minutes), ann, "PUT", g + "member/prohibition", object{"id": group, "memberId": cat.UserID, "minutes": minutes}, 400, 10001})
		}
		for key, value := range (object{"title": "mine", "avatar": "", "abstract": "mine", "verification": 1, "isProhibition": true, "isInvite": false, "isSearch": true, "historyVisible": true}) {
			rows = append(rows, hostile{"R13 " + key, cat, "PUT", g + "group", put(object{key: value}), 403, 50006})
		}
		for _, avatar := range []string{"javascript:alert(1)", "//evil.example/x.png", "file:///etc/passwd", "/api/file/../../etc/passwd", picture(t, bob).UID, " "} {
			rows = append(rows, hostile{fmt.Sprintf("avatar %.40q", avatar), ann, "PUT", g + "group", put(object{"avatar": avatar}), 400, 30001})
		}
		withstand(t, s, []*client.Client{ann, bob, cat, eve, dan, kept}, rows)

		// R14: nowhere is the answer told, whoever asks.
		for _, c := range []*client.Client{eve, ann} {
			for _, path := range []string{fmt.Sprint("group/", other), fmt.Sprint("valid/", other), "search?key=another", "valid?flag=send", "my"} {
				_, _, body := hostile{path, c, "GET", g + path, nil, 0, 0}.send(t)
				if strings.Contains(string(body), "secret-cat") {
					t.Errorf("R14 %s tells the answer: %s", path, body)
				}
			}
		}
		// R18: who is not in is not called; R19: a set.
		sent, err := ann.GroupSend(ctx(t), client.SendRequest{GroupID: group, ClientMsgID: "at", Msg: client.Text("@eve"), AtUserIDs: []uint64{eve.UserID, bob.UserID, bob.UserID}})
		if err == nil {
			if m, err := bob.Message(ctx(t), sent.MsgID); err != nil || slices.Contains(m.AtUserIDs, eve.UserID) {
				t.Errorf("R18 strangers are called: %+v, %v", m.AtUserIDs, err)
			}
		} else if code := client.Code(err); code != 40005 && code != 50003 {
			t.Errorf("R18 strangers: %v", err)
		}
		set, err := ann.NewGroup(ctx(t), client.Fields{"mode": 1, "title": "set", "userIdList": []uint64{bob.UserID, bob.UserID, ann.UserID, ann.UserID}})
		must(t, "R19 a set", err)
		isInGroup(t, bob, set, ann.UserID, bob.UserID)
		alone, err := ann.NewGroup(ctx(t), client.Fields{"mode": 1, "title": "alone", "userIdList": []uint64{ann.UserID, ann.UserID}})
		must(t, "R19 alone", err)
		isInGroup(t, ann, alone, ann.UserID)
	})
}

// numbers are the first n ids.
func numbers(n int) []uint64 {
	list := make([]uint64, n)
	for i := range list {
		list[i] = uint64(i) + 1
	}
	return list
}

// TestOneSeatIsLeft is row R17: many come at once, and many decide one request.
func TestOneSeatIsLeft(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		const many = 20
		ann, bob := friends(t, s)
		group := openTo(t, ann, "few", client.Fields{"verification": 1, "size": 2})
		people := make([]*client.Client, many)
		for i := range people {
			people[i] = register(t, s, i)
		}
		atOnce := func(do func(i int) error) map[int]int {
			t.Helper()
			codes := make([]int, many)
			var all sync.WaitGroup
			for i := range many {
				all.Go(func() { codes[i] = client.Code(do(i)) })
			}
			all.Wait()
			counts := map[int]int{}
			for _, c := range codes {
				counts[c]++
			}
			return counts
		}
		counts := atOnce(func(i int) error { _, err := people[i].Join(ctx(t), group, nil); return err })
		if counts[0] != 1 || counts[50008] != many-1 {
			t.Errorf("answers %v", counts)
		}
		g, err := ann.Group(ctx(t), group)
		m, err2 := ann.Members(ctx(t), group, "")
		if err != nil || err2 != nil || g.MemberCount != 2 || m.Count != 2 || len(m.List) != 2 {
			t.Errorf("%d members, %+v, %v, %v", g.MemberCount, m, err, err2)
		}

		asked := openTo(t, ann, "asked", client.Fields{"verification": 2})
		id := joins(t, bob, asked, client.Fields{"verify": "hi"}, "pending").VerifyID
		counts = atOnce(func(i int) error { return ann.HandleJoin(ctx(t), id, 1+i%2) })
		if counts[0] == 0 || counts[0]+counts[50017] != many {
			t.Errorf("decided %v", counts)
		}
		r, err := ann.GroupRequests(ctx(t), fmt.Sprintf("groupId=%d&flag=rev&type=1", asked))
		if err != nil || len(r.List) != 1 {
			t.Fatalf("%+v, %v", r, err)
		}
		g, err = ann.Group(ctx(t), asked)
		if in := g.MemberCount - 1; err != nil || (r.List[0].Status == 1) != (in == 1) || in > 1 {
			t.Errorf("status %d, and %d are in, %v", r.List[0].Status, in, err)
		}
	})
}

// TestAKickAndASendAtOnce is row R20: what is stored is before the kick.
func TestAKickAndASendAtOnce(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob, _, _, cid := circle(t, s)
		group := number(t, cid)
		const rounds, sends = 10, 8
		var last uint64 // the kick before
		for round := range rounds {
			on := dial(t, bob)
			var sending sync.WaitGroup
			codes := make([]int, sends)
			for i := range sends {
				sending.Go(func() {
					_, err := on.Send(ctx(t), client.SendRequest{GroupID: group, ClientMsgID: fmt.Sprint(round, "-", i), Msg: client.Text(fmt.Sprint(round, "-", i))})
					codes[i] = client.Code(err)
				})
			}
			must(t, "kick", ann.KickMember(ctx(t), group, bob.UserID))
			sending.Wait()
			list := all(t, ann, cid)
			kick := slices.IndexFunc(list, func(m client.Message) bool { return m.MsgType == 12 && m.Msg.TipMsg.Status == 4 && m.Seq > last })
			if kick < 0 {
				t.Fatalf("round %d: no tip of the kick", round)
			}
			stored := map[string]bool{}
			for n, m := range list {
				if m.MsgType != 1 || !strings.HasPrefix(m.Content(), fmt.Sprint(round, "-")) {
					continue
				}
				if stored[m.Content()] = true; n > kick {
					t.Errorf("round %d: %q has seq %d, after the kick's %d", round, m.Content(), m.Seq, list[kick].Seq)
				}
			}
			last = list[kick].Seq
			for i, code := range codes {
				if content := fmt.Sprint(round, "-", i); (code == 0) != stored[content] || code != 0 && code != 50003 && code != 50005 {
					t.Errorf("round %d: %s was answered with %d, stored %v", round, content, code, stored[content])
				}
			}
			on.Close()
			if r, err := ann.Invite(ctx(t), group, bob.UserID); err != nil || len(r.Added) != 1 {
				t.Fatalf("invite: %+v, %v", r, err)
			}
		}
	})
}

// TestManyGroups is row R19: a user owns a number of groups.
func TestManyGroups(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann := register(t, s, 0)
		const owned = 100
		for n := range owned + 1 {
			_, err := ann.CreateGroup(ctx(t), fmt.Sprint("group ", n))
			if n < owned {
				must(t, fmt.Sprint("group ", n+1), err)
				continue
			}
			refuses(t, "one too many", err, 429, 10007)
		}
		if c, err := ann.Groups(ctx(t), "mode=1&limit=1"); err != nil || c.Count != owned {
			t.Errorf("owned: %+v, %v", c, err)
		}
	})
}
