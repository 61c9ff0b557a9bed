package e2e

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"tudoIM/test/client"
	"tudoIM/test/suite"
)

// conf are a user's settings as the owner gets them.
type conf struct {
	RecallMessage        string `json:"recallMessage"`
	FriendOnline         bool   `json:"friendOnline"`
	Sound                bool   `json:"sound"`
	SecureLink           bool   `json:"secureLink"`
	SavePwd              bool   `json:"savePwd"`
	SearchUser           int    `json:"searchUser"`
	Verification         int    `json:"verification"`
	VerificationQuestion map[string]string
	ShowOnline           bool   `json:"showOnline"`
	ReadReceipt          bool   `json:"readReceipt"`
	Language             string `json:"language"`
}

func setConf(t *testing.T, c *client.Client, what map[string]any) error {
	t.Helper()
	return c.Call(ctx(t), http.MethodPut, "/api/user/conf", what, nil)
}

func confOf(t *testing.T, c *client.Client) (got conf) {
	t.Helper()
	must(t, "conf", c.Call(ctx(t), http.MethodGet, "/api/user/conf", nil, &got))
	return got
}

func TestTheConfigurationIsTheUsersOwn(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann := register(t, s, 0)
		second := client.New(s.URLs()[len(s.URLs())-1])
		second.Device = "second"
		must(t, "login", second.Login(ctx(t), ann.Name, password))
		there := dial(t, second)
		want := conf{
			RecallMessage: "撤回了一条消息", FriendOnline: true, Sound: true, SearchUser: 2, Verification: 2, ShowOnline: true, ReadReceipt: true, Language: "zh",
			VerificationQuestion: map[string]string{"problem1": "", "problem2": "", "problem3": ""},
		}
		same := func(what string) {
			t.Helper()
			if got := confOf(t, ann); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s: %+v, want %+v", what, got, want)
			}
		}
		same("at first")
		must(t, "nothing", setConf(t, ann, map[string]any{}))
		same("after nothing")
		must(t, "some", setConf(t, ann, map[string]any{"sound": false, "searchUser": 1, "language": "en", "recallMessage": "took it back"}))
		want.Sound, want.SearchUser, want.Language, want.RecallMessage = false, 1, "en", "took it back"
		same("after some")
		var changed map[string]any
		event(t, there, "confUpdated", &changed)
		if len(changed) != 4 || changed["sound"] != false || changed["searchUser"] != 1.0 || changed["language"] != "en" || changed["recallMessage"] != "took it back" {
			t.Errorf("the other device is told %v", changed)
		}
		must(t, "a question", setConf(t, ann, map[string]any{
			"verification": 4, "verificationQuestion": map[string]any{"problem1": "the dog's name?", "answer1": "Rex"},
		}))
		want.Verification, want.VerificationQuestion["problem1"] = 4, "the dog's name?"
		same("with a question, without the answer")
		event(t, there, "confUpdated", &changed)
		if text := fmt.Sprint(changed); strings.Contains(text, "Rex") || !strings.Contains(text, "the dog's name?") {
			t.Errorf("the other device is told %v", changed)
		}
		before := photograph(t, s, ann)
		for name, c := range map[string]struct {
			what  map[string]any
			code  int
			field string
		}{
			"a search that is none":    {map[string]any{"searchUser": 3}, 10001, "searchUser"},
			"a negative search":        {map[string]any{"searchUser": -1}, 10001, "searchUser"},
			"a verification too many":  {map[string]any{"verification": 5}, 10001, "verification"},
			"a language nobody speaks": {map[string]any{"language": "fr"}, 10001, "language"},
			"a text of lines":          {map[string]any{"recallMessage": "a\nb"}, 10001, "recallMessage"},
			"a text too long":          {map[string]any{"recallMessage": strings.Repeat("x", 65)}, 10001, "recallMessage"},
			"a text nobody sees":       {map[string]any{"recallMessage": "\u200b"}, 10001, "recallMessage"},
			"a problem too long":       {map[string]any{"verificationQuestion": map[string]any{"problem1": strings.Repeat("x", 201)}}, 10001, "verificationQuestion"},
			"an answer taken away":     {map[string]any{"verificationQuestion": map[string]any{"answer1": ""}}, 30002, ""},
			"a problem without answer": {map[string]any{"verificationQuestion": map[string]any{"problem1": "the cat's?"}}, 30002, ""},
			"the question taken away":  {map[string]any{"verificationQuestion": map[string]any{"problem1": ""}}, 30002, ""},
			"one good and one bad":     {map[string]any{"sound": true, "language": "xx"}, 10001, "language"},
			"a number for a yes":       {map[string]any{"sound": 1}, 10001, ""},
			"a word for a number":      {map[string]any{"searchUser": "all"}, 10001, ""},
			"a list for the question":  {map[string]any{"verificationQuestion": []string{"x"}}, 10001, ""},
		} {
			err := setConf(t, ann, c.what)
			wantCode(t, name, err, c.code)
			var e *client.Error
			if c.field != "" && (!errors.As(err, &e) || !strings.Contains(string(e.Data), `"`+c.field+`"`)) {
				t.Errorf("%s: %v does not name %s", name, err, c.field)
			}
		}
		unchanged(t, "what was refused", before, photograph(t, s, ann))
		must(t, "people judge", setConf(t, ann, map[string]any{"verification": 3, "verificationQuestion": map[string]any{"answer1": ""}}))
		wantCode(t, "a computer cannot", setConf(t, ann, map[string]any{"verification": 4}), 30002)
	})
}

func TestFiveWaysToBecomeFriends(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		eve := register(t, s, 1)
		ask := func(to *client.Client, what map[string]any) (result string, err error) {
			t.Helper()
			var out struct {
				Result string `json:"result"`
			}
			what["friendId"] = to.UserID
			return out.Result, eve.Call(ctx(t), http.MethodPost, "/api/user/friends", what, &out)
		}
		asks := func(to *client.Client) (mode int, problems map[string]string) {
			t.Helper()
			var out struct {
				Verification         int               `json:"verification"`
				VerificationQuestion map[string]string `json:"verificationQuestion"`
			}
			must(t, "what is asked", eve.Call(ctx(t), http.MethodGet, fmt.Sprint("/api/user/valid/", to.UserID), nil, &out))
			return out.Verification, out.VerificationQuestion
		}
		question := map[string]any{"problem1": "1+1?", "answer1": "２ ", "problem3": "sky?", "answer3": "Blue"}
		made := func(mode int) *client.Client {
			t.Helper()
			c := register(t, s, mode)
			what := map[string]any{"verification": mode}
			if mode >= 3 {
				what["verificationQuestion"] = question
			}
			must(t, "conf", setConf(t, c, what))
			return c
		}
		answers := func(a, c string) map[string]any {
			return map[string]any{"verificationQuestion": map[string]any{"answer1": a, "answer3": c}}
		}

		nobody := made(0)
		_, err := ask(nobody, map[string]any{"verify": "please"})
		wantCode(t, "0 nobody", err, 31003)
		anybody := made(1)
		if result, err := ask(anybody, map[string]any{}); err != nil || result != "added" {
			t.Errorf("1 anybody: %s, %v", result, err)
		}
		message := made(2)
		_, err = ask(message, map[string]any{"verify": " "})
		wantCode(t, "2 without a message", err, 31007)
		if result, err := ask(message, map[string]any{"verify": "please"}); err != nil || result != "pending" {
			t.Errorf("2 with one: %s, %v", result, err)
		}
		judge := made(3)
		if mode, problems := asks(judge); mode != 3 || problems["problem1"] != "1+1?" || problems["problem3"] != "sky?" || len(problems) != 3 {
			t.Errorf("3 asks %d %v", mode, problems)
		}
		_, err = ask(judge, answers("2", ""))
		wantCode(t, "3 with half the answers", err, 31007)
		if result, err := ask(judge, answers("3", "red")); err != nil || result != "pending" {
			t.Errorf("3 with any: %s, %v", result, err)
		}
		var waiting struct {
			List []struct {
				VerificationQuestion map[string]string `json:"verificationQuestion"`
			} `json:"list"`
			PendingCount int `json:"pendingCount"`
		}
		must(t, "to judge", judge.Call(ctx(t), http.MethodGet, "/api/user/valid?flag=rev", nil, &waiting))
		if len(waiting.List) != 1 || waiting.PendingCount != 1 || waiting.List[0].VerificationQuestion["answer3"] != "red" {
			t.Errorf("3 is to judge %+v", waiting)
		}
		waiting.List = nil
		must(t, "asked", eve.Call(ctx(t), http.MethodGet, "/api/user/valid?flag=send", nil, &waiting))
		for _, r := range waiting.List {
			if r.VerificationQuestion["answer1"] != "" {
				t.Errorf("the sender sees %v", r)
			}
		}
		right := made(4)
		for left := 4; left >= 0; left-- {
			_, err := ask(right, answers("2", "red"))
			var e *client.Error
			if !errors.As(err, &e) || e.Code != 31004 || !strings.Contains(string(e.Data), fmt.Sprintf(`"triesLeft":"%d"`, left)) {
				t.Errorf("4 wrong, %d left: %v", left, err)
			}
		}
		_, err = ask(right, answers("2", "blue"))
		wantCode(t, "4 right, too late", err, 10007)
		other := made(4)
		if result, err := ask(other, answers("2", " bLUE")); err != nil || result != "added" {
			t.Errorf("4 right: %s, %v", result, err)
		}
		_, err = eve.Send(ctx(t), text(other, "1", "hello"))
		must(t, "and can write", err)
	})
}

func picture(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAnAvatarIsAnImageOfOnesOwn(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob := friends(t, s)
		onBob := dial(t, bob)
		put := func(c *client.Client, avatar any) error {
			return c.Call(ctx(t), http.MethodPut, "/api/user/user_info", map[string]any{"avatar": avatar}, nil)
		}
		mine, err := ann.Upload(ctx(t), "me.png", picture(t))
		must(t, "upload", err)
		words, err := ann.Upload(ctx(t), "me.txt", []byte("no picture"))
		must(t, "upload", err)
		his, err := bob.Upload(ctx(t), "he.png", picture(t))
		must(t, "upload", err)
		before := photograph(t, s, ann)
		for name, avatar := range map[string]string{ // U11
			"a script": "javascript:alert(1)", "data": "data:text/html,<script>", "another host": "//evil/x.png", "a file": "file:///etc/passwd",
			"another's": his.Src, "another's uid": his.UID, "no image": words.Src, "nobody's": "/api/file/0000", "a way out": mine.Src + "/../" + his.UID,
			"with a query": mine.Src + "?w=1", "long": strings.Repeat("a", 1000), "blank": " ", "a host": "http://127.0.0.1" + mine.Src,
		} {
			wantCode(t, name, put(ann, avatar), 30001)
		}
		wantCode(t, "a number", put(ann, 7), 10001)
		unchanged(t, "what was refused", before, photograph(t, s, ann))
		must(t, "by address", put(ann, mine.Src))
		var card struct {
			Avatar string `json:"avatar"`
		}
		must(t, "card", bob.Call(ctx(t), http.MethodGet, fmt.Sprint("/api/user/info/", ann.UserID), nil, &card))
		if card.Avatar != mine.Src {
			t.Errorf("a friend sees %q, want %q", card.Avatar, mine.Src)
		}
		var told map[string]any
		event(t, onBob, "userUpdated", &told)
		if told["userId"] != float64(ann.UserID) || told["avatar"] != mine.Src || len(told) != 2 {
			t.Errorf("a friend is told %v", told)
		}
		must(t, "by uid", put(ann, mine.UID))
		must(t, "none", put(ann, ""))
		must(t, "card", bob.Call(ctx(t), http.MethodGet, fmt.Sprint("/api/user/info/", ann.UserID), nil, &card))
		if card.Avatar != "" {
			t.Errorf("a friend sees %q", card.Avatar)
		}
	})
}

// friendItem is a line of the list of friends.
type friendItem struct {
	UserID   uint64 `json:"userId"`
	Nickname string `json:"nickname"`
	Notice   string `json:"notice"`
	IsTop    bool   `json:"isTop"`
	IsOnline bool   `json:"isOnline"`
	Ver      uint64 `json:"ver"`
}

type friendsPage struct {
	List    []friendItem `json:"list"`
	Count   int          `json:"count"`
	Ver     uint64       `json:"ver"`
	Removed []uint64     `json:"removed"`
}

func friendsOf(t *testing.T, c *client.Client, query string) (page friendsPage) {
	t.Helper()
	must(t, "friends", c.Call(ctx(t), http.MethodGet, "/api/user/friends?"+query, nil, &page))
	return page
}

func TestFriendsAndWhatChanged(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann := register(t, s, 0)
		var pals []*client.Client
		for i := range 3 {
			p := register(t, s, i)
			must(t, "befriend", p.Befriend(ctx(t), ann))
			pals = append(pals, p)
		}
		onAnn := dial(t, ann)
		all := friendsOf(t, ann, "")
		if all.Count != 3 || all.Ver == 0 || len(all.Removed) != 0 {
			t.Errorf("%+v", all)
		}
		one := func(p *client.Client) (f friendItem, err error) {
			return f, ann.Call(ctx(t), http.MethodGet, fmt.Sprint("/api/user/friends/", p.UserID), nil, &f)
		}
		first, err := one(pals[0])
		if err != nil || first.UserID != pals[0].UserID || first.Nickname != pals[0].Nickname {
			t.Errorf("one: %+v, %v", first, err)
		}
		must(t, "nickname", pals[0].Call(ctx(t), http.MethodPut, "/api/user/user_info", map[string]any{"nickname": "Zed"}, nil))
		var told map[string]any
		event(t, onAnn, "userUpdated", &told)
		if told["nickname"] != "Zed" || told["userId"] != float64(pals[0].UserID) {
			t.Errorf("told %v", told)
		}
		if again, err := one(pals[0]); err != nil || again.Nickname != "Zed" || again.Ver <= first.Ver {
			t.Errorf("after a profile changed: %+v, %v, before %+v", again, err, first)
		}
		must(t, "top", ann.Call(ctx(t), http.MethodPut, "/api/user/friends", map[string]any{"friendId": pals[2].UserID, "isTop": true}, nil))
		must(t, "remark", remark(t, ann, pals[2].UserID, "pal"))
		if page := friendsOf(t, ann, ""); page.List[0].UserID != pals[2].UserID || !page.List[0].IsTop || page.List[0].Notice != "pal" {
			t.Errorf("on top: %+v", page.List)
		}
		// What was under way 15 s before an answer may be told again: what is older
		// is not. So the rows are made older.
		d := open(t, s)
		for _, table := range []string{"user_models", "friend_models"} {
			if err := d.Exec("UPDATE " + table + " SET updated_at = updated_at - 100000 WHERE updated_at > 100000").Error; err != nil {
				t.Fatal(err)
			}
		}
		since := fmt.Sprint("sinceVer=", friendsOf(t, ann, "").Ver)
		if page := friendsOf(t, ann, since); len(page.List) != 0 || page.Count != 0 || len(page.Removed) != 0 {
			t.Errorf("nothing since: %+v", page)
		}
		must(t, "nickname", pals[0].Call(ctx(t), http.MethodPut, "/api/user/user_info", map[string]any{"nickname": "Zoe"}, nil))
		must(t, "unfriend", unfriend(t, pals[1], ann.UserID))
		if page := friendsOf(t, ann, since); len(page.List) != 1 || page.List[0].Nickname != "Zoe" || !slices.Equal(page.Removed, []uint64{pals[1].UserID}) {
			t.Errorf("since: %+v", page)
		}
		_, err = one(pals[1])
		wantCode(t, "no friend any more", err, 31012)
		wantCode(t, "a version to come", ann.Call(ctx(t), http.MethodGet, "/api/user/friends?sinceVer=9007199254740000", nil, nil), 40016)
		for _, q := range []string{"sinceVer=-1", "sinceVer=x", "page=x"} {
			wantCode(t, q, ann.Call(ctx(t), http.MethodGet, "/api/user/friends?"+q, nil, nil), 10001)
		}
	})
}

func TestWhoIsOnline(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob := friends(t, s)
		shy, eve := register(t, s, 0), register(t, s, 1)
		must(t, "befriend", shy.Befriend(ctx(t), ann))
		must(t, "hide", setConf(t, shy, map[string]any{"showOnline": false}))
		for _, c := range []*client.Client{bob, shy, eve} {
			dial(t, c)
		}
		type state struct {
			UserID     uint64   `json:"userId"`
			IsOnline   bool     `json:"isOnline"`
			Platforms  []string `json:"platforms"`
			LastSeenAt int64    `json:"lastSeenAt"`
		}
		ask := func(ids ...uint64) (list []state) {
			t.Helper()
			var out struct {
				List []state `json:"list"`
			}
			must(t, "online", ann.Call(ctx(t), http.MethodPost, "/api/user/online", map[string]any{"userIds": append([]uint64{}, ids...)}, &out))
			return out.List
		}
		eventually(t, "bob is seen", func(context.Context) error {
			got := ask(bob.UserID)
			if len(got) != 1 || !got[0].IsOnline || !slices.Equal(got[0].Platforms, []string{"web"}) || got[0].LastSeenAt == 0 {
				return fmt.Errorf("%+v", got)
			}
			return nil
		})
		got := ask(shy.UserID, eve.UserID, 1<<50, shy.UserID)
		want := []state{{UserID: shy.UserID, Platforms: []string{}}, {UserID: eve.UserID, Platforms: []string{}}, {UserID: 1 << 50, Platforms: []string{}}}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("who is not to be seen: %+v", got)
		}
		if got := ask(); len(got) != 0 {
			t.Errorf("nobody: %+v", got)
		}
		wantCode(t, "201", ann.Call(ctx(t), http.MethodPost, "/api/user/online", map[string]any{"userIds": make([]uint64, 201)}, nil), 10001)
		search := func(key string) (ids []uint64) {
			t.Helper()
			var out struct {
				List []client.User `json:"list"`
			}
			must(t, "search", ann.Call(ctx(t), http.MethodGet, "/api/user/search?online=true&key="+key, nil, &out))
			for _, u := range out.List {
				ids = append(ids, u.UserID)
			}
			return ids
		}
		for _, c := range []*client.Client{bob, shy, eve} {
			if got := search(c.Name); (len(got) == 1) != (c == bob) {
				t.Errorf("search for %s among who is online: %v", c.Name, got)
			}
		}
	})
}

func TestAnEndedFriendshipMayTakeItsHistoryAlong(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob := friends(t, s)
		cid := private(ann, bob)
		say(t, bob, cid, "remember me")
		must(t, "unfriend", ann.Call(ctx(t), http.MethodDelete, fmt.Sprintf("/api/user/friends/%d?clearChat=true", bob.UserID), nil, nil))
		if mine, err := ann.All(ctx(t), cid); err != nil || len(mine) != 0 {
			t.Errorf("ann still has %d, %v", len(mine), err)
		}
		if list, err := ann.Sessions(ctx(t)); err != nil || len(list.List) != 0 {
			t.Errorf("ann's list: %+v, %v", list, err)
		}
		if his, err := bob.All(ctx(t), cid); err != nil || len(his) != 1 {
			t.Errorf("bob has %d, %v", len(his), err)
		}
		must(t, "again", ann.Call(ctx(t), http.MethodDelete, fmt.Sprintf("/api/user/friends/%d?clearChat=true", bob.UserID), nil, nil))
		carl, dora := friends(t, s)
		must(t, "who never spoke", carl.Call(ctx(t), http.MethodDelete, fmt.Sprintf("/api/user/friends/%d?clearChat=true", dora.UserID), nil, nil))
	})
}

// Whatever comes together, two people end as friends exactly once, or not.
func TestFriendshipsAreMadeOnce(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		urls := s.URLs()
		at := func(c *client.Client, i int) *client.Client {
			copied := *c
			copied.Base = urls[i%len(urls)]
			return &copied
		}
		together := func(n int, do func(i int) error) (codes map[int]int) {
			codes = map[int]int{}
			var mu sync.Mutex
			var wg sync.WaitGroup
			for i := range n {
				wg.Go(func() {
					code := client.Code(do(i))
					mu.Lock()
					defer mu.Unlock()
					codes[code]++
				})
			}
			wg.Wait()
			return codes
		}
		requests := func(c *client.Client) (open, all int) {
			t.Helper()
			for _, flag := range []string{"send", "rev"} {
				list, err := c.Requests(ctx(t), flag)
				must(t, "requests", err)
				for _, r := range list {
					if all++; r.Status == 0 {
						open++
					}
				}
			}
			return open, all
		}
		speak := func(what string, a, b *client.Client, code int) {
			t.Helper()
			_, err := a.Send(ctx(t), text(b, fmt.Sprint("s-", lineMsg.Add(1)), what))
			wantCode(t, what, err, code)
			_, err = b.Send(ctx(t), text(a, fmt.Sprint("s-", lineMsg.Add(1)), what))
			wantCode(t, what+", the other way", err, code)
		}

		ann, bob := register(t, s, 0), register(t, s, 1)
		codes := together(10, func(i int) error {
			from, to := ann, bob
			if i%2 == 1 {
				from, to = bob, ann
			}
			_, _, err := at(from, i).AddFriend(ctx(t), to.UserID, "hi")
			return err
		})
		if codes[0]+codes[31002] != 10 || codes[0] < 2 {
			t.Errorf("both ask at once: %v", codes)
		}
		if open, all := requests(ann); open != 0 || all != 1 {
			t.Errorf("both ask at once: %d requests, %d open", all, open)
		}
		speak("both asked at once", ann, bob, 0)

		carl, dora := register(t, s, 0), register(t, s, 1)
		_, id, err := carl.AddFriend(ctx(t), dora.UserID, "hi")
		must(t, "ask", err)
		codes = together(50, func(i int) error { return at(dora, i).Handle(ctx(t), id, 1) })
		if codes[0] != 50 {
			t.Errorf("fifty accepts: %v", codes)
		}
		if page := friendsOf(t, dora, ""); page.Count != 1 {
			t.Errorf("fifty accepts: %+v", page)
		}
		speak("accepted fifty times", carl, dora, 0)

		for range 5 {
			a, b := register(t, s, 0), register(t, s, 1)
			_, id, err := a.AddFriend(ctx(t), b.UserID, "hi")
			must(t, "ask", err)
			codes := together(10, func(i int) error { return at(b, i).Handle(ctx(t), id, int32(1+i%2)) })
			list, err := b.Requests(ctx(t), "rev")
			must(t, "requests", err)
			if list[0].Status == 1 {
				speak("accepted first", a, b, 0)
			} else {
				speak("refused first", a, b, 40002)
			}
			if codes[0]+codes[31010] != 10 || codes[0] < 1 || list[0].Status == 0 {
				t.Errorf("accept against refuse: %v, status %d", codes, list[0].Status)
			}
		}
	})
}

func TestADayHasSoManyRequests(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann := register(t, s, 0)
		var others []*client.Client
		for i := range 21 {
			others = append(others, register(t, s, i))
		}
		for _, o := range others[:20] {
			_, _, err := ann.AddFriend(ctx(t), o.UserID, "hi")
			must(t, "one of the day", err)
		}
		_, _, err := ann.AddFriend(ctx(t), others[20].UserID, "hi")
		var e *client.Error
		if !errors.As(err, &e) || e.Code != 10007 || e.HTTP != 429 || e.RetryAfter <= 0 {
			t.Errorf("one past: %v", err)
		}
		_, _, err = ann.AddFriend(ctx(t), others[0].UserID, "again")
		must(t, "a repeat is none", err)
	})
}
