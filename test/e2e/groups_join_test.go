package e2e

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tudoIM/test/client"
	"tudoIM/test/suite"
)

// openTo makes a group of ann's that is found, and is joined as f says.
func openTo(t *testing.T, ann *client.Client, title string, f client.Fields) uint64 {
	t.Helper()
	group, err := ann.NewGroup(ctx(t), client.Fields{"mode": 1, "title": title, "isSearch": true})
	must(t, "make "+title, err)
	must(t, "open "+title, ann.UpdateGroup(ctx(t), group, f))
	return group
}

// joins asks to be let in; the answer must be result.
func joins(t *testing.T, c *client.Client, group uint64, f client.Fields, result string) client.Joined {
	t.Helper()
	j, err := c.Join(ctx(t), group, f)
	if err != nil || j.Result != result || j.GroupID != group || (result == "pending") != (j.VerifyID != 0) {
		t.Errorf("join with %v: %+v, %v, want %s", f, j, err, result)
	}
	return j
}

// TestFiveWaysIn is how strangers come into a group.
func TestFiveWaysIn(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, eve, dan := register(t, s, 0), register(t, s, 1), register(t, s, 1)
		join := func(c *client.Client, group uint64, f client.Fields) func() error {
			return func() error { _, err := c.Join(ctx(t), group, f); return err }
		}

		shut := openTo(t, ann, "shut", client.Fields{"verification": 0})
		wide := openTo(t, ann, "wide", client.Fields{"verification": 1})
		words := openTo(t, ann, "words", client.Fields{"verification": 2})
		ask := openTo(t, ann, "ask", client.Fields{"verification": 3, "verificationQuestion": object{"problem1": "pet?", "problem2": "town?"}})
		know := openTo(t, ann, "know", client.Fields{"verification": 4, "verificationQuestion": object{
			"problem1": "pet?", "answer1": "Secret-Cat", "problem2": "town?", "answer2": "Ulm",
		}})
		hidden := openTo(t, ann, "hidden", client.Fields{"verification": 1, "isSearch": false})

		for group, want := range map[uint64]int32{shut: 0, wide: 1, words: 2, ask: 3, know: 4} {
			v, q, err := eve.GroupVerification(ctx(t), group)
			if err != nil || v != want || (want >= 3) != (q.Problem1 == "pet?" && q.Problem2 == "town?") || q.Answer1 != "" || q.Answer2 != "" {
				t.Errorf("way %d: %d, %+v, %v", want, v, q, err)
			}
		}
		long := strings.Repeat("x", 201)
		tryAll(t, []try{
			{"one that is hidden", 50005, join(eve, hidden, nil)},
			{"how one gets into it", 50005, func() error { _, _, err := eve.GroupVerification(ctx(t), hidden); return err }},
			{"none", 50005, join(eve, 1<<50, nil)},
			{"one that takes nobody", 50013, join(eve, shut, client.Fields{"verify": "please"})},
			{"one's own", 50015, join(ann, wide, nil)},
			{"without words", 31007, join(eve, words, nil)},
			{"with blank ones", 31007, join(eve, words, client.Fields{"verify": " \u200b"})},
			{"with too many", 10001, join(eve, words, client.Fields{"verify": long})},
			{"without answers", 31007, join(eve, ask, client.Fields{"verify": "please"})},
			{"with one of two", 31007, join(eve, ask, client.Fields{"verificationQuestion": object{"answer1": "cat"}})},
			{"with one too long", 10001, join(eve, ask, client.Fields{"verificationQuestion": object{"answer1": "cat", "answer2": long}})},
		})

		onAnn := listen(t, ann)
		joins(t, eve, wide, nil, "joined")
		if e := grouped(t, onAnn, "memberJoined", wide); fmt.Sprint(e["userIds"]) != fmt.Sprint([]any{float64(eve.UserID)}) || e["memberCount"] != 2.0 {
			t.Errorf("memberJoined: %v", e)
		}
		wantCode(t, "again", join(eve, wide, nil)(), 50015)
		isInGroup(t, eve, wide, ann.UserID, eve.UserID)

		// Right answers open the door, whatever their case; wrong ones are counted.
		good := client.Fields{"verificationQuestion": object{"answer1": " secret-cat ", "answer2": "ULM"}}
		bad := client.Fields{"verificationQuestion": object{"answer1": "dog", "answer2": "Ulm"}}
		for left := 4; left >= 0; left-- {
			e := refuses(t, "a wrong answer", join(dan, know, bad)(), 403, 50014)
			var data map[string]string
			if err := json.Unmarshal(e.Data, &data); err != nil || data["triesLeft"] != fmt.Sprint(left) {
				t.Errorf("tries left %s, want %d", e.Data, left)
			}
		}
		for what, f := range map[string]client.Fields{"a sixth try": bad, "the right one, too late": good} {
			if e := refuses(t, what, join(dan, know, f)(), 429, 10007); e.RetryAfter <= 0 || e.RetryAfter > 24*time.Hour {
				t.Errorf("%s: retry after %v", what, e.RetryAfter)
			}
		}
		joins(t, eve, know, good, "joined")

		must(t, "make it small", ann.UpdateGroup(ctx(t), wide, client.Fields{"size": 2}))
		wantCode(t, "a full one", join(dan, wide, nil)(), 50008)
	})
}

// TestRequestsOfAGroup asks to be let in where somebody decides.
func TestRequestsOfAGroup(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob, cat, eve, cid := circle(t, s)
		group := number(t, cid)
		dan := register(t, s, 1)
		must(t, "open", ann.UpdateGroup(ctx(t), group, client.Fields{
			"isSearch": true, "verification": 3, "verificationQuestion": object{"problem1": "pet?", "answer1": "secret-cat"},
		}))
		must(t, "admin", ann.SetMemberRole(ctx(t), group, bob.UserID, 2))
		onAnn, onBob, onCat, onEve := listen(t, ann), listen(t, bob), listen(t, cat), listen(t, eve)

		answer := client.Fields{"verify": "hi", "verificationQuestion": object{"answer1": "a dog", "problem1": "lie?"}, "source": "search"}
		first := joins(t, eve, group, answer, "pending")
		again := joins(t, eve, group, client.Fields{"verify": "hi again", "verificationQuestion": object{"answer1": "a bird"}}, "pending")
		if again.VerifyID != first.VerifyID {
			t.Errorf("asked twice, it is %d and %d", first.VerifyID, again.VerifyID)
		}
		for _, on := range []*ear{onAnn, onBob} {
			e := grouped(t, on, "groupRequest", group)
			r, _ := e["request"].(object)
			if r["id"] != float64(first.VerifyID) || r["userId"] != float64(eve.UserID) || r["groupId"] != float64(group) || r["status"] != 0.0 || e["pendingCount"] != 1.0 ||
				r["additionalMessages"] != "hi" {
				t.Errorf("groupRequest: %v", e)
			}
		}
		for who, c := range map[string]*client.Client{"owner": ann, "admin": bob} {
			r, err := c.GroupRequests(ctx(t), fmt.Sprintf("groupId=%d&flag=rev&status=0", group))
			if err != nil || r.Count != 1 || len(r.List) != 1 || r.PendingCount != 1 || r.List[0].ID != first.VerifyID || r.List[0].AdditionalMessages != "hi again" ||
				r.List[0].Question.Answer1 != "a bird" || r.List[0].Question.Problem1 != "pet?" || r.List[0].Nickname != eve.Nickname || r.List[0].Flag != "rev" ||
				r.List[0].Type != 1 || r.List[0].Title != "circle" || r.List[0].Inviter != nil || r.List[0].Handler != nil {
				t.Errorf("%s: %+v, %v", who, r, err)
			}
		}
		own, err := eve.GroupRequests(ctx(t), "flag=send")
		if err != nil || own.Count != 1 || own.PendingCount != 0 || own.List[0].Status != 0 || own.List[0].Flag != "send" || own.List[0].Question.Problem1 != "pet?" || own.List[0].UserID != eve.UserID {
			t.Errorf("hers: %+v, %v", own, err)
		}
		if raw, _ := json.Marshal(own); strings.Contains(string(raw), "secret-cat") {
			t.Errorf("she is told the answer: %s", raw)
		}
		handle := func(c *client.Client, id uint64, status int) func() error {
			return func() error { return c.HandleJoin(ctx(t), id, status) }
		}
		tryAll(t, []try{
			{"of a group one does not lead", 50006, func() error {
				_, err := cat.GroupRequests(ctx(t), fmt.Sprintf("groupId=%d&flag=rev", group))
				return err
			}},
			{"a flag that is not", 10001, func() error { _, err := ann.GroupRequests(ctx(t), "flag=x"); return err }},
			{"one's own", 50006, handle(eve, first.VerifyID, 1)},
			{"refuse one's own", 50006, handle(eve, first.VerifyID, 2)},
			{"as a member", 50006, handle(cat, first.VerifyID, 1)},
			{"as a stranger", 50006, handle(dan, first.VerifyID, 1)},
			{"as a stranger, away", 50006, handle(dan, first.VerifyID, 4)},
			{"none", 50006, handle(ann, 1<<50, 1)},
			{"a status that is not", 10001, handle(ann, first.VerifyID, 5)},
			{"back to waiting", 10001, handle(ann, first.VerifyID, 0)},
			{"accept", 0, handle(bob, first.VerifyID, 1)},
			{"accept again", 0, handle(ann, first.VerifyID, 1)},
			{"refuse what was accepted", 50017, handle(ann, first.VerifyID, 2)},
			{"ignore what was accepted", 50017, handle(bob, first.VerifyID, 3)},
		})
		grouped(t, onEve, "groupJoined", group)
		if e := grouped(t, onCat, "memberJoined", group); fmt.Sprint(e["userIds"]) != fmt.Sprint([]any{float64(eve.UserID)}) {
			t.Errorf("memberJoined: %v", e)
		}
		for {
			e := grouped(t, onAnn, "groupRequest", group)
			if r := e["request"].(object); r["status"] == 1.0 {
				if e["pendingCount"] != 0.0 || r["handlerId"] != float64(bob.UserID) {
					t.Errorf("groupRequest: %v", e)
				}
				break
			}
		}
		r, err := ann.GroupRequests(ctx(t), fmt.Sprintf("groupId=%d&flag=rev&type=1", group))
		if err != nil || r.PendingCount != 0 || r.List[0].Status != 1 || r.List[0].Handler == nil || r.List[0].Handler.UserID != bob.UserID || r.List[0].HandledAt == 0 {
			t.Errorf("accepted: %+v, %v", r, err)
		}

		// Refused, ignored, deleted: each side has it as it wants.
		two := joins(t, dan, group, answer, "pending")
		onDan := listen(t, dan)
		must(t, "refuse", ann.HandleJoin(ctx(t), two.VerifyID, 2))
		if r := grouped(t, onDan, "groupRequest", group)["request"].(object); r["status"] != 2.0 {
			t.Errorf("refused: %v", r)
		}
		tryAll(t, []try{
			{"accept what was refused", 50017, handle(ann, two.VerifyID, 1)},
			{"delete mine", 0, handle(dan, two.VerifyID, 4)},
			{"again", 0, handle(dan, two.VerifyID, 4)},
		})
		if r, err := dan.GroupRequests(ctx(t), "flag=send"); err != nil || r.Count != 0 {
			t.Errorf("deleted, and there: %+v, %v", r, err)
		}
		if r, err := bob.GroupRequests(ctx(t), fmt.Sprintf("groupId=%d&flag=rev&status=2", group)); err != nil || r.Count != 1 {
			t.Errorf("deleted by the other side: %+v, %v", r, err)
		}
		must(t, "delete for those who lead", bob.HandleJoin(ctx(t), two.VerifyID, 4))
		if r, err := ann.GroupRequests(ctx(t), fmt.Sprintf("groupId=%d&flag=rev&status=2", group)); err != nil || r.Count != 0 {
			t.Errorf("deleted, and there: %+v, %v", r, err)
		}
		three := joins(t, dan, group, answer, "pending")
		must(t, "ignore", ann.HandleJoin(ctx(t), three.VerifyID, 3))
		if r, err := dan.GroupRequests(ctx(t), "flag=send"); err != nil || r.Count != 1 || r.List[0].Status != 0 {
			t.Errorf("who is ignored does not know: %+v, %v", r, err)
		}

		// What keeps somebody out when the request is decided.
		late := register(t, s, 0)
		four := joins(t, late, group, answer, "pending")
		must(t, "full", ann.UpdateGroup(ctx(t), group, client.Fields{"size": 4}))
		wantCode(t, "accept into a full group", ann.HandleJoin(ctx(t), four.VerifyID, 1), 50008)
		if r, err := ann.GroupRequests(ctx(t), "flag=rev&status=0"); err != nil || r.PendingCount != 1 {
			t.Errorf("it waits on: %+v, %v", r, err)
		}
		must(t, "room", ann.UpdateGroup(ctx(t), group, client.Fields{"size": 50}))
		must(t, "keep out", ann.BlockInGroup(ctx(t), group, late.UserID))
		if r, err := late.GroupRequests(ctx(t), "flag=send"); err != nil || r.Count != 1 || r.List[0].Status != 2 {
			t.Errorf("blocked, it is refused: %+v, %v", r, err)
		}
		if code := client.Code(ann.HandleJoin(ctx(t), four.VerifyID, 1)); code != 50016 && code != 50017 {
			t.Errorf("accept who is kept out: %d", code)
		}
		gone := register(t, s, 1)
		five := joins(t, gone, group, answer, "pending")
		boss := administrator(t, s)
		if n, _, err := deleteUsers(t, boss, gone.UserID); err != nil || n != 1 {
			t.Fatal(n, err)
		}
		if code := client.Code(ann.HandleJoin(ctx(t), five.VerifyID, 1)); code != 10006 && code != 50017 {
			t.Errorf("accept who is no more: %d", code)
		}
	})
}

// TestInvitations brings friends in.
func TestInvitations(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob, cat, eve, cid := circle(t, s)
		group := number(t, cid)
		dan, joe := mate(t, s, bob, 0), mate(t, s, bob, 1)
		hers, kept := mate(t, s, ann, 0), mate(t, s, ann, 1)
		must(t, "keep out", ann.BlockInGroup(ctx(t), group, kept.UserID))
		onCat, onHers, onAnn := listen(t, cat), listen(t, hers), listen(t, ann)

		invited := func(c *client.Client, users ...uint64) (r client.Invited, codes map[uint64]int) {
			t.Helper()
			r, err := c.Invite(ctx(t), group, users...)
			must(t, "invite", err)
			codes = map[uint64]int{}
			for _, x := range r.Refused {
				if codes[x.UserID] = x.Code; x.Msg == "" {
					t.Errorf("refused without a word: %+v", x)
				}
			}
			return r, codes
		}
		r, codes := invited(ann, hers.UserID, hers.UserID, eve.UserID, bob.UserID, kept.UserID, 1<<50, ann.UserID)
		if !slices.Equal(r.Added, []uint64{hers.UserID}) || len(r.Pending) != 0 || codes[eve.UserID] != 50002 || codes[bob.UserID] != 50015 || codes[kept.UserID] != 50016 || codes[1<<50] != 50002 {
			t.Errorf("invited: %+v", r)
		}
		grouped(t, onHers, "groupJoined", group)
		if e := grouped(t, onCat, "memberJoined", group); e["operator"] != float64(ann.UserID) || fmt.Sprint(e["userIds"]) != fmt.Sprint([]any{float64(hers.UserID)}) {
			t.Errorf("memberJoined: %v", e)
		}
		tip := tipped(t, onCat, cid, 1)
		if m := tip.Msg.TipMsg; m.OperatorID != ann.UserID || !slices.Equal(m.UserIDs, []uint64{hers.UserID}) || m.Content != ann.Nickname+"邀请"+hers.Nickname+"加入了群聊" {
			t.Errorf("tip: %+v", m)
		}

		// A member proposes, and those who lead decide.
		r, _ = invited(bob, dan.UserID)
		if !slices.Equal(r.Pending, []uint64{dan.UserID}) || len(r.Added) != 0 {
			t.Errorf("proposed: %+v", r)
		}
		if r, _ := invited(bob, dan.UserID); !slices.Equal(r.Pending, []uint64{dan.UserID}) {
			t.Errorf("proposed again: %+v", r)
		}
		e := grouped(t, onAnn, "groupRequest", group)
		if q := e["request"].(object); q["inviterId"] != float64(bob.UserID) || q["userId"] != float64(dan.UserID) {
			t.Errorf("groupRequest: %v", e)
		}
		list, err := ann.GroupRequests(ctx(t), "flag=rev&status=0")
		if err != nil || list.Count != 1 || list.PendingCount != 1 || list.List[0].Inviter == nil || list.List[0].Inviter.UserID != bob.UserID || list.List[0].UserID != dan.UserID {
			t.Fatalf("proposed: %+v, %v", list, err)
		}
		must(t, "accept", ann.HandleJoin(ctx(t), list.List[0].ID, 1))
		if m, err := ann.Members(ctx(t), group, "key="+fmt.Sprint(dan.UserID)); err != nil || len(m.List) != 1 || m.List[0].InviterID != bob.UserID {
			t.Errorf("in by a proposal: %+v, %v", m, err)
		}

		inv := func(c *client.Client, users ...uint64) func() error {
			return func() error { _, err := c.Invite(ctx(t), group, users...); return err }
		}
		change := func(f client.Fields) { t.Helper(); must(t, "change", ann.UpdateGroup(ctx(t), group, f)) }
		long := make([]uint64, 201)
		for i := range long {
			long[i] = uint64(i) + 1
		}
		tryAll(t, []try{
			{"nobody", 10001, inv(ann)},
			{"201", 10001, inv(ann, long...)},
			{"by a stranger", 50005, inv(eve, ann.UserID)},
		})
		change(client.Fields{"isInvite": false})
		wantCode(t, "members may not", inv(bob, joe.UserID)(), 50007)
		change(client.Fields{"isInvite": true, "verification": 0})
		wantCode(t, "nobody comes in", inv(bob, joe.UserID)(), 50009)
		change(client.Fields{"verification": 1})
		if r, _ := invited(bob, joe.UserID); !slices.Equal(r.Added, []uint64{joe.UserID}) {
			t.Errorf("anybody comes in: %+v", r)
		}
		change(client.Fields{"size": 6})
		late := mate(t, s, ann, 0)
		if r, codes := invited(ann, late.UserID); len(r.Added) != 0 || codes[late.UserID] != 50008 {
			t.Errorf("full: %+v", r)
		}
	})
}

// TestLinksIntoAGroup lets in who has a link.
func TestLinksIntoAGroup(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob, cat, eve, cid := circle(t, s)
		group := number(t, cid)
		dan, kept := register(t, s, 0), register(t, s, 1)
		now := time.Now()
		makes := func(c *client.Client, f client.Fields) func() error {
			return func() error { _, err := c.MakeLink(ctx(t), group, f); return err }
		}
		tryAll(t, []try{
			{"by a member where some decide", 50006, makes(bob, nil)},
			{"by a stranger", 50005, makes(eve, nil)},
			{"in the past", 10001, makes(ann, client.Fields{"expireAt": now.Add(-time.Minute).UnixMilli()})},
			{"for years", 10001, makes(ann, client.Fields{"expireAt": now.AddDate(0, 0, 366).UnixMilli()})},
			{"for -1", 10001, makes(ann, client.Fields{"maxUses": -1})},
			{"for too many", 10001, makes(ann, client.Fields{"maxUses": 10001})},
		})
		one, err := ann.MakeLink(ctx(t), group, client.Fields{"maxUses": 1})
		week := now.AddDate(0, 0, 7)
		if at := time.UnixMilli(one.ExpireAt); err != nil || len(one.Code) != 22 || one.URL != "/join/"+one.Code || one.MaxUses != 1 || at.Sub(week).Abs() > 5*time.Minute {
			t.Fatalf("link: %+v, %v", one, err)
		}
		l, err := eve.Link(ctx(t), one.Code)
		if err != nil || l.GroupID != group || l.Title != "circle" || l.MemberCount != 3 || l.IsInGroup || l.Uses != 0 || l.Code != one.Code || l.URL != one.URL {
			t.Errorf("as she sees it: %+v, %v", l, err)
		}
		onCat := listen(t, cat)
		if j, err := eve.JoinByLink(ctx(t), one.Code); err != nil || j.Result != "joined" || j.GroupID != group {
			t.Errorf("join: %+v, %v", j, err)
		}
		if m := tipped(t, onCat, cid, 2); m.Msg.TipMsg.OperatorID != eve.UserID || m.SendUser.UserID != 0 || m.Msg.TipMsg.Content != eve.Nickname+"加入了群聊" {
			t.Errorf("tip: %+v", m)
		}
		joinBy := func(c *client.Client, code string) func() error {
			return func() error { _, err := c.JoinByLink(ctx(t), code); return err }
		}
		see := func(c *client.Client, code string) func() error {
			return func() error { _, err := c.Link(ctx(t), code); return err }
		}
		tryAll(t, []try{
			{"used up", 50018, joinBy(dan, one.Code)},
			{"used up, to look at", 50018, see(dan, one.Code)},
			{"none", 50018, joinBy(dan, strings.Repeat("A", 22))},
			{"half", 50018, see(dan, one.Code[:10])},
			{"none to end", 50018, func() error { return ann.DeleteLink(ctx(t), strings.Repeat("A", 22)) }},
		})

		many, err := ann.MakeLink(ctx(t), group, client.Fields{"expireAt": now.Add(time.Hour).UnixMilli()})
		must(t, "link", err)
		must(t, "keep out", ann.BlockInGroup(ctx(t), group, kept.UserID))
		tryAll(t, []try{
			{"in already", 50015, joinBy(bob, many.Code)},
			{"kept out", 50016, joinBy(kept, many.Code)},
		})
		if l, err := bob.Link(ctx(t), many.Code); err != nil || !l.IsInGroup {
			t.Errorf("to a member: %+v, %v", l, err)
		}
		// It leads past the group's own ways in.
		must(t, "shut", ann.UpdateGroup(ctx(t), group, client.Fields{"verification": 0}))
		tryAll(t, []try{
			{"by the link", 0, joinBy(dan, many.Code)},
			{"a stranger ends it", 50018, func() error { return kept.DeleteLink(ctx(t), many.Code) }},
			{"a member ends it", 50006, func() error { return cat.DeleteLink(ctx(t), many.Code) }},
			{"end it", 0, func() error { return ann.DeleteLink(ctx(t), many.Code) }},
			{"again", 50018, func() error { return ann.DeleteLink(ctx(t), many.Code) }},
			{"dead", 50018, joinBy(register(t, s, 0), many.Code)},
		})
		// A member's own link lives while members may bring people in.
		must(t, "open", ann.UpdateGroup(ctx(t), group, client.Fields{"verification": 1}))
		his, err := bob.MakeLink(ctx(t), group, nil)
		must(t, "a member's link", err)
		must(t, "no more", ann.UpdateGroup(ctx(t), group, client.Fields{"isInvite": false}))
		wantCode(t, "its maker may not any more", see(kept, his.Code)(), 50018)
		must(t, "again", ann.UpdateGroup(ctx(t), group, client.Fields{"isInvite": true}))
		must(t, "alive", see(kept, his.Code)())
		must(t, "full", ann.UpdateGroup(ctx(t), group, client.Fields{"size": 5}))
		wantCode(t, "full", joinBy(register(t, s, 0), his.Code)(), 50008)
		must(t, "dissolve", ann.Dissolve(ctx(t), group))
		wantCode(t, "of a group that is no more", see(kept, his.Code)(), 50018)
	})
}

// TestManyUseOneLink has many come by a link with room for few.
func TestManyUseOneLink(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann := register(t, s, 0)
		group, err := ann.CreateGroup(ctx(t), "few")
		must(t, "make", err)
		const room, many = 3, 12
		link, err := ann.MakeLink(ctx(t), group, client.Fields{"maxUses": room})
		must(t, "link", err)
		people := make([]*client.Client, many)
		for i := range people {
			people[i] = register(t, s, i)
		}
		codes := make([]int, many)
		var all sync.WaitGroup
		for i, c := range people {
			all.Go(func() {
				_, err := c.JoinByLink(ctx(t), link.Code)
				codes[i] = client.Code(err)
			})
		}
		all.Wait()
		in := 0
		for _, code := range codes {
			switch code {
			case 0:
				in++
			case 50018:
			default:
				t.Errorf("code %d", code)
			}
		}
		if g, err := ann.Group(ctx(t), group); err != nil || in != room || g.MemberCount != room+1 {
			t.Errorf("%d came in, %d are, %v", in, g.MemberCount, err)
		}
	})
}

// TestBlackListOfAGroup keeps people out.
func TestBlackListOfAGroup(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob, cat, eve, cid := circle(t, s)
		group := number(t, cid)
		dan := mate(t, s, ann, 0)
		if r, err := ann.Invite(ctx(t), group, dan.UserID); err != nil || len(r.Added) != 1 {
			t.Fatal(r, err)
		}
		must(t, "admin", ann.SetMemberRole(ctx(t), group, bob.UserID, 2))
		must(t, "admin", ann.SetMemberRole(ctx(t), group, dan.UserID, 2))
		onDan, onCat := listen(t, dan), listen(t, cat)
		out := func(c *client.Client, user uint64) func() error {
			return func() error { return c.BlockInGroup(ctx(t), group, user) }
		}
		tryAll(t, []try{
			{"by a member", 50006, out(cat, eve.UserID)},
			{"by a stranger", 50005, out(eve, cat.UserID)},
			{"the list, to a member", 50006, func() error { _, _, err := cat.GroupBlacks(ctx(t), group); return err }},
			{"the list, to a stranger", 50005, func() error { _, _, err := eve.GroupBlacks(ctx(t), group); return err }},
			{"the owner", 50006, out(bob, ann.UserID)},
			{"another admin", 50006, out(bob, dan.UserID)},
			{"oneself", 50006, out(bob, bob.UserID)},
			{"the owner himself", 50006, out(ann, ann.UserID)},
			{"nobody", 10006, out(ann, 1<<50)},
			{"who was never in", 0, out(bob, eve.UserID)},
			{"again", 0, out(ann, eve.UserID)},
			{"a member", 0, out(bob, cat.UserID)},
		})
		for _, on := range []*ear{onDan, onCat} {
			if e := grouped(t, on, "memberLeft", group); e["reason"] != "kick" || fmt.Sprint(e["userIds"]) != fmt.Sprint([]any{float64(cat.UserID)}) {
				t.Errorf("memberLeft: %v", e)
			}
		}
		isInGroup(t, ann, group, ann.UserID, bob.UserID, dan.UserID)
		list, count, err := dan.GroupBlacks(ctx(t), group)
		if err != nil || count != 2 || len(list) != 2 || list[0].UserID != cat.UserID || list[0].Operator.UserID != bob.UserID || list[1].UserID != eve.UserID ||
			list[0].Nickname != cat.Nickname || list[0].CreatedAt == 0 {
			t.Errorf("black list: %+v, %d, %v", list, count, err)
		}
		must(t, "open", ann.UpdateGroup(ctx(t), group, client.Fields{"isSearch": true, "verification": 1}))
		join := func(c *client.Client) func() error {
			return func() error { _, err := c.Join(ctx(t), group, nil); return err }
		}
		in := func(c *client.Client, user uint64) func() error {
			return func() error { return c.UnblockInGroup(ctx(t), group, user) }
		}
		tryAll(t, []try{
			{"come back", 50016, join(cat)},
			{"come", 50016, join(eve)},
			{"let in, by a member before", 50003, in(cat, cat.UserID)},
			{"let in", 0, in(dan, cat.UserID)},
			{"again", 0, in(dan, cat.UserID)},
			{"who was never kept out", 0, in(ann, 1<<50)},
			{"come back now", 0, join(cat)},
			{"by a member", 50006, in(cat, eve.UserID)},
		})
	})
}
