package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"tudoIM/test/client"
	"tudoIM/test/photo"
	"tudoIM/test/suite"
)

// hostile is a row of the matrix of bad inputs: a request, and what it must be
// answered with.
type hostile struct {
	name         string
	who          *client.Client
	method, path string
	// body is JSON; a string goes as it is.
	body         any
	status, code int
}

// quick bounds an answer to input that is made to be slow; a query that sleeps
// takes longer.
const quick = 3 * time.Second

// send sends h as it is and returns its answer.
func (h hostile) send(t *testing.T) (status, code int, body []byte) {
	t.Helper()
	var in io.Reader
	header := http.Header{}
	if h.body != nil {
		raw, ok := h.body.(string)
		if !ok {
			b, err := json.Marshal(h.body)
			if err != nil {
				t.Fatal(err)
			}
			raw = string(b)
		}
		in = strings.NewReader(raw)
		header.Set("Content-Type", "application/json")
	}
	resp, err := h.who.Do(ctx(t), h.method, h.path, in, header)
	if err != nil {
		t.Fatalf("%s: %v", h.name, err)
	}
	defer resp.Body.Close()
	if body, err = io.ReadAll(resp.Body); err != nil {
		t.Fatalf("%s: %v", h.name, err)
	}
	var e struct {
		Code *int `json:"code"`
	}
	if json.Unmarshal(body, &e) != nil || e.Code == nil {
		t.Fatalf("%s: HTTP %d without the envelope: %.200q", h.name, resp.StatusCode, body)
	}
	return resp.StatusCode, *e.Code, body
}

// withstand plays rows and fails unless each is answered as it should be, soon,
// without a word about our insides, and without a change to any of users.
func withstand(t *testing.T, s *suite.Suite, users []*client.Client, rows []hostile) {
	t.Helper()
	before := photograph(t, s, users...)
	for _, h := range rows {
		at := time.Now()
		status, code, body := h.send(t)
		if took := time.Since(at); took > quick {
			t.Errorf("%s: answered after %v", h.name, took)
		}
		if status != h.status || code != h.code {
			t.Errorf("%s: %d %d, want %d %d: %.300s", h.name, status, code, h.status, h.code, body)
		}
		if status != http.StatusOK && len(body) > 512 {
			t.Errorf("%s: an answer of %d bytes", h.name, len(body))
		}
		if leak := photo.Leaks.Find(body); leak != nil {
			t.Errorf("%s: the answer holds %q: %.300s", h.name, leak, body)
		}
		after := photograph(t, s, users...)
		unchanged(t, h.name, before, after)
		before = after
	}
}

// TestHostileIDs are rows U1 and U14: ids that are none, on every route that
// takes one.
func TestHostileIDs(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob := friends(t, s)
		var rows []hostile
		for _, route := range []struct {
			method, path string
			nobody       int
		}{
			{"GET", "/api/user/info/", 10006}, {"GET", "/api/user/valid/", 10006}, {"GET", "/api/user/friends/", 31012}, {"DELETE", "/api/user/friends/", 31012},
		} {
			for _, id := range []string{"0", "9223372036854775807", "9223372036854775808", "18446744073709551615"} {
				rows = append(rows, hostile{"U1 " + route.method + " " + route.path + id, ann, route.method, route.path + id, nil, 404, route.nobody})
			}
		}
		for _, route := range [][2]string{{"GET", "info"}, {"GET", "valid"}, {"GET", "friends"}, {"DELETE", "friends"}, {"DELETE", "blacks"}} {
			for _, id := range []string{"-1", "18446744073709551616", "0x1", "1e3", "null", "1.5"} {
				rows = append(rows, hostile{"U1 " + route[0] + " " + route[1] + " " + id, ann, route[0], "/api/user/" + route[1] + "/" + id, nil, 400, 10001})
			}
			// No path of ours has such letters: the gateway knows none.
			for _, id := range []string{"1%20or%201=1", "1%20union%20select%20pwd", "1%27", "%00", "%EF%BC%91"} {
				rows = append(rows, hostile{"U1 " + route[0] + " " + route[1] + " " + id, ann, route[0], "/api/user/" + route[1] + "/" + id, nil, 404, 10006})
			}
		}
		for _, path := range []string{"/api/user/info/", "/api/user/info", "/api/user/info/1/2"} {
			rows = append(rows, hostile{"U1 no id: " + path, ann, "GET", path, nil, 404, 10006})
		}
		for _, id := range []any{-1, "2", "1 or 1=1", nil, object{"$ne": 0}, []int{2}, true, 1.5, json.Number("18446744073709551616"), json.Number("1e400")} {
			b, err := json.Marshal(object{"friendId": id, "verify": "hi", "userId": id, "verifyId": id, "status": 1, "notice": "x"})
			if err != nil { // a number JSON may hold and Go may not
				b = fmt.Appendf(nil, `{"friendId":%v,"userId":%v,"verifyId":%v,"status":1,"notice":"x"}`, id, id, id)
			}
			for _, route := range [][2]string{{"POST", "friends"}, {"PUT", "friends"}, {"POST", "blacks"}, {"PUT", "valid/status"}} {
				rows = append(rows, hostile{fmt.Sprint("U14 ", route, " ", id), ann, route[0], "/api/user/" + route[1], string(b), 400, 10001})
			}
		}
		withstand(t, s, []*client.Client{ann, bob}, rows)
	})
}

// TestHostilePeople are rows U4 to U17.
func TestHostilePeople(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob := friends(t, s)
		eve, shy, bad := register(t, s, 1), register(t, s, 0), register(t, s, 1)
		_, err := setConf(t, shy, object{"verification": 0})
		must(t, "conf", err)
		must(t, "block", block(t, ann, bad.UserID))
		_, pending, err := ann.AddFriend(ctx(t), eve.UserID, "hi")
		must(t, "a request that waits", err)
		_, refused, err := bob.AddFriend(ctx(t), eve.UserID, "hi")
		must(t, "a request", err)
		must(t, "refuse it", eve.Handle(ctx(t), refused, 2))
		_, deleted, err := bob.AddFriend(ctx(t), eve.UserID, "hi")
		must(t, "a request again", err)
		must(t, "delete it", eve.Handle(ctx(t), deleted, 4))
		his := picture(t, bob)
		doc, err := ann.Upload(ctx(t), "plan.pdf", []byte("%PDF-1.4\nplan\n"))
		must(t, "upload", err)
		dial(t, ann) // she is online
		say(t, ann, private(ann, bob), "hello")

		const friends, handle, info, conf = "/api/user/friends", "/api/user/valid/status", "/api/user/user_info", "/api/user/conf"
		add := func(id uint64) object { return object{"friendId": id, "verify": "hi"} }
		rows := []hostile{
			{"U4 accept one's own request", ann, "PUT", handle, object{"verifyId": pending, "status": 1}, 403, 31011},
			{"U4 refuse one's own request", ann, "PUT", handle, object{"verifyId": pending, "status": 2}, 403, 31011},
			{"U4 accept another's request", bad, "PUT", handle, object{"verifyId": pending, "status": 1}, 403, 31011},
			{"U4 delete another's request", bad, "PUT", handle, object{"verifyId": pending, "status": 4}, 403, 31011},
			{"U5 end a friendship of two others", eve, "DELETE", fmt.Sprint(friends, "/", bob.UserID), nil, 404, 31012},
			{"U5 name a stranger", eve, "PUT", friends, object{"friendId": bob.UserID, "notice": "x"}, 404, 31012},
			{"U5 put a stranger on top", eve, "PUT", friends, object{"friendId": bob.UserID, "isTop": true}, 404, 31012},
			{"U5 a friend one does not have", eve, "GET", fmt.Sprint(friends, "/", bob.UserID), nil, 404, 31012},
			{"U7 ask oneself", ann, "POST", friends, add(ann.UserID), 400, 31001},
			{"U7 ask a friend", ann, "POST", friends, add(bob.UserID), 409, 31002},
			{"U7 ask who blocks me", bad, "POST", friends, add(ann.UserID), 403, 31003},
			{"U7 ask who takes nobody", bad, "POST", friends, add(shy.UserID), 403, 31003},
			{"U7 ask nobody", bad, "POST", friends, add(1 << 50), 404, 10006},
			{"U7 a second time while one waits", ann, "POST", friends, add(eve.UserID), 200, 0},
			{"U7 words past the limit", bad, "POST", friends, object{"friendId": eve.UserID, "verify": strings.Repeat("x", 201)}, 400, 10001},
			{"U7 a name past the limit", bad, "POST", friends, object{"friendId": eve.UserID, "verify": "hi", "notice": strings.Repeat("x", 33)}, 400, 10001},
			{"U8 accept what was refused", eve, "PUT", handle, object{"verifyId": refused, "status": 1}, 409, 31010},
			{"U8 refuse what was refused", eve, "PUT", handle, object{"verifyId": refused, "status": 2}, 409, 31010},
			{"U8 accept what was deleted", eve, "PUT", handle, object{"verifyId": deleted, "status": 1}, 409, 31010},
			{"U8 back to waiting", eve, "PUT", handle, object{"verifyId": pending, "status": 0}, 400, 10001},
			{"U8 a status that is not", eve, "PUT", handle, object{"verifyId": pending, "status": 5}, 400, 10001},
			{"U9 settings that are not one's own to set", ann, "PUT", conf, object{"curtailChat": true, "curtailUntil": 1, "userId": bob.UserID, "id": 1}, 200, 0},
			{"U10 no nickname", ann, "PUT", info, object{"nickname": ""}, 400, 10001},
			{"U10 a blank nickname", ann, "PUT", info, object{"nickname": " \u3000\u200b"}, 400, 10001},
			{"U10 a nickname of 33", ann, "PUT", info, object{"nickname": strings.Repeat("🙂", 33)}, 400, 10001},
			{"U10 500 emoji", ann, "PUT", info, object{"nickname": strings.Repeat("🙂", 500)}, 400, 10001},
			{"U10 1 MB", ann, "PUT", info, object{"nickname": strings.Repeat("x", 1<<20)}, 413, 10008},
			{"U10 100 KB", ann, "PUT", info, object{"abstract": strings.Repeat("x", 100<<10)}, 400, 10001},
			{"U10 a nickname that turns around", ann, "PUT", info, object{"nickname": "a\u202eb"}, 400, 10001},
			{"U10 NUL", ann, "PUT", info, object{"nickname": "a\x00b"}, 400, 10001},
			{"U10 a second line", ann, "PUT", info, object{"nickname": "a\r\n{\"level\":\"error\"}"}, 400, 10001},
			{"U10 bytes", ann, "PUT", info, "{\"nickname\":\"\xff\"}", 400, 10001},
			{"U10 a good key beside a bad one", ann, "PUT", info, object{"abstract": "new", "nickname": ""}, 400, 10001},
			{"U13 sorted by SQL", ann, "GET", friends + "?sort=created_at%20desc%3Bdrop%20table%20user_models", nil, 200, 0},
			{"U13 sorted by SQL, in two", ann, "GET", friends + "?sort=created_at%20desc;drop%20table%20user_models", nil, 400, 10001},
			{"U13 ordered by a sleep", ann, "GET", friends + "?order=(select%20sleep(5))&field=pwd", nil, 200, 0},
			{"U13 searched in another field", ann, "GET", "/api/user/search?key=a&field=pwd&order=sleep(5)", nil, 200, 0},
			{"U13 a page of text", ann, "GET", friends + "?page=1%20union", nil, 400, 10001},
			{"U15 an expression that never ends", ann, "GET", "/api/user/search?key=" + url.QueryEscape("((a+)+)+$"), nil, 200, 0},
			{"U15 a key of 65", ann, "GET", "/api/user/search?key=" + strings.Repeat("a", 65), nil, 400, 10001},
			{"U15 only wildcards", ann, "GET", "/api/user/search?key=" + url.QueryEscape(strings.Repeat("%_", 32)), nil, 200, 0},
			{"U15 a blank key", ann, "GET", "/api/user/search?key=%20", nil, 400, 10001},
			{"U15 no key", ann, "GET", "/api/user/search", nil, 400, 10001},
			{"U16 who blocks me, as a friend", bad, "GET", fmt.Sprint(friends, "/", ann.UserID), nil, 404, 31012},
			{"U17 settings of another", eve, "GET", fmt.Sprint(conf, "/", ann.UserID), nil, 404, 10006},
			{"U17 friends of another", eve, "GET", fmt.Sprint(friends, "/", ann.UserID, "/friends"), nil, 404, 10006},
			{"U17 set another's settings", eve, "PUT", fmt.Sprint(conf, "/", ann.UserID), object{"searchUser": 0}, 404, 10006},
		}
		for _, avatar := range []string{
			"javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "//evil.example/x.png", "https://evil.example/x.png", "file:///etc/passwd",
			his.UID, his.URL, doc.UID, doc.Src, "/api/file/", "/api/file/../../etc/passwd", mine(ann) + "?dl=1", "/api/file/" + strings.Repeat("A", 4096), "AAAAAAAAAAAAAAAAAAAAAA", " ", "\x00",
		} {
			rows = append(rows, hostile{fmt.Sprintf("U11 %.40q", avatar), ann, "PUT", info, object{"avatar": avatar}, 400, 30001})
		}
		withstand(t, s, []*client.Client{ann, bob, eve, shy, bad}, rows)

		// The URL is refused before anybody reads it.
		if status, _, _ := (hostile{"U15 a key of 10 KB", ann, "GET", "/api/user/search?key=" + strings.Repeat("a", 10<<10), nil, 0, 0}).send(t); status < 400 || status >= 500 {
			t.Errorf("U15 a key of 10 KB: %d", status)
		}
		must(t, "U8 accept", eve.Handle(ctx(t), pending, 1))
		before := photograph(t, s, ann, eve)
		must(t, "U8 accept twice", eve.Handle(ctx(t), pending, 1))
		unchanged(t, "U8 accept twice", before, photograph(t, s, ann, eve))
	})
}

// mine is an address as those of files are, of none.
func mine(c *client.Client) string { return fmt.Sprint("/api/file/", c.UserID) }

// TestWhatIsTakenIsTakenAsItIs are rows U9 and U10: text is text, a field can
// be cleared, and only what is one's own to change does.
func TestWhatIsTakenIsTakenAsItIs(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob := friends(t, s)
		for _, nickname := range []string{"<script>alert(1)</script>", "' OR 1=1 -- ", `"; DROP TABLE x`, `%_\`, "你好👨‍👩‍👧‍👦", strings.Repeat("🙂", 32), "שלום"} {
			must(t, nickname, setInfo(t, ann, object{"nickname": nickname, "abstract": nickname + "\n" + nickname}))
			for _, path := range []string{"/api/user/user_info", fmt.Sprint("/api/user/friends/", ann.UserID), fmt.Sprint("/api/user/info/", ann.UserID)} {
				c := bob
				if strings.HasSuffix(path, "user_info") {
					c = ann
				}
				if got, err := getJSON(t, c, path); err != nil || got["nickname"] != nickname || got["abstract"] != nickname+"\n"+nickname {
					t.Errorf("%s of %q: %v, %v", path, nickname, got, err)
				}
			}
			if found, err := bob.Search(ctx(t), nickname); err != nil || !slices.ContainsFunc(found, func(u client.User) bool { return u.UserID == ann.UserID }) {
				t.Errorf("searched %q: %+v, %v", nickname, found, err)
			}
		}
		must(t, "U10 clear", setInfo(t, ann, object{"abstract": ""}))
		before := photograph(t, s, bob)
		must(t, "U9", setInfo(t, ann, object{
			"abstract": "mine", "id": bob.UserID, "userId": bob.UserID, "userName": "boss", "role": 1, "status": 1, "pwd": "x", "createdAt": 1, "deletedAt": 1,
			"registerSource": "x", "curtailChat": true, "online": true, "ver": 99,
		}))
		unchanged(t, "U9, of another", before, photograph(t, s, bob))
		me, err := getJSON(t, ann, "/api/user/user_info")
		if err != nil || me["abstract"] != "mine" || me["role"] != 2.0 || me["userName"] != ann.Name || me["userId"] != float64(ann.UserID) || me["registerSource"] == "x" {
			t.Errorf("U9: %v, %v", me, err)
		}
		must(t, "U9, the password is the old one", ann.Login(ctx(t), ann.Name, password))
		if is := states(t, bob, ann.UserID); is[0].IsOnline {
			t.Errorf("U9, online: %+v", is)
		}
	})
}

// fields adds the names of all fields of v to found.
func fields(v any, found map[string]bool) {
	switch v := v.(type) {
	case object:
		for k, inner := range v {
			found[k] = true
			fields(inner, found)
		}
	case []any:
		for _, inner := range v {
			fields(inner, found)
		}
	}
}

// TestOthersSeePublicFieldsOnly are rows U2, U16 and U17: what a friend, a
// stranger and somebody who is blocked are answered.
func TestOthersSeePublicFieldsOnly(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob := friends(t, s)
		eve, bad := register(t, s, 1), register(t, s, 0)
		_, err := setConf(t, ann, object{"verification": 3, "verificationQuestion": object{"problem1": "pet?", "answer1": "a-secret-cat"}})
		must(t, "conf", err)
		_, _, err = ann.AddFriend(ctx(t), eve.UserID, "hi")
		must(t, "ask", err)
		must(t, "block", block(t, ann, bad.UserID))
		must(t, "block her", block(t, bad, ann.UserID))
		say(t, ann, private(ann, bob), "hello")
		team, err := ann.CreateGroup(ctx(t), "team", bob.UserID)
		must(t, "group", err)
		dial(t, ann)
		id := fmt.Sprint(ann.UserID)
		for _, c := range []struct {
			who  *client.Client
			path string
		}{
			{bob, "/api/user/info/" + id}, {bob, "/api/user/friends"}, {bob, "/api/user/friends/" + id}, {bob, "/api/user/valid/" + id}, {bob, "/api/chat/session"},
			{bob, "/api/chat/history?conversationId=" + private(ann, bob)}, {bob, fmt.Sprint("/api/group/group/", team)},
			{eve, "/api/user/info/" + id}, {eve, "/api/user/search?key=" + ann.Name}, {eve, "/api/user/valid?flag=rev"}, {eve, "/api/user/valid/" + id},
			{eve, "/api/user/friends/check?userId=" + id}, {bad, "/api/user/info/" + id}, {bad, "/api/user/blacks"}, {bad, "/api/user/valid/" + id},
		} {
			status, _, body := hostile{c.path, c.who, "GET", c.path, nil, 0, 0}.send(t)
			var v any
			if err := json.Unmarshal(body, &v); err != nil {
				t.Fatal(err)
			}
			found := map[string]bool{}
			fields(v, found)
			for _, secret := range []string{
				"pwd", "password", "hash", "nameKey", "email", "phone", "token", "accessToken", "refreshToken", "ip", "conf", "registerSource",
				"curtailChat", "curtailAddUser", "deletedAt", "senderVer", "authVer",
			} {
				if found[secret] {
					t.Errorf("U2 %s tells %s: %.300s", c.path, secret, body)
				}
			}
			if status != 200 || bytes.Contains(body, []byte("a-secret-cat")) {
				t.Errorf("U2 %s: %d %.300s", c.path, status, body)
			}
		}
		// U16: who is blocked sees her as somebody who is not there.
		for _, who := range []*client.Client{eve, bad} {
			card, err := getJSON(t, who, "/api/user/info/"+id)
			if err != nil || card["isOnline"] != false || card["canChat"] != false || card["isFriend"] != false || card["isBlack"] != (who == bad) {
				t.Errorf("U16 card: %v, %v", card, err)
			}
			if p := states(t, who, ann.UserID)[0]; p.IsOnline || p.LastSeenAt != 0 || len(p.Platforms) != 0 {
				t.Errorf("U16 presence: %+v", p)
			}
			if found, err := who.Search(ctx(t), ann.Name); err != nil || (len(found) == 0) == (who == eve) {
				t.Errorf("U16 search: %+v, %v", found, err)
			}
		}
		_, err = ask(t, bad, ann.UserID, object{"verificationQuestion": object{"answer1": "cat"}})
		refuses(t, "U16 a request", err, 403, 31003)
		// U17: whoever is named in a query, the answer is about who asks.
		for _, path := range []string{"/api/user/conf", "/api/user/user_info", "/api/user/friends", "/api/user/blacks", "/api/user/valid"} {
			own, err := getJSON(t, eve, path)
			must(t, path, err)
			named, err := getJSON(t, eve, path+"?userId="+id+"&id="+id+"&user_id="+id)
			delete(own, "ver")
			delete(named, "ver")
			if err != nil || fmt.Sprint(own) != fmt.Sprint(named) {
				t.Errorf("U17 %s: %v, %v; own %v", path, named, err, own)
			}
		}
	})
}

// TestManyRequests is row U7: a user has a number of requests a day.
func TestManyRequests(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann := register(t, s, 0)
		const aDay = 20
		var last *client.Client
		for n := range aDay + 1 {
			last = register(t, s, n)
			_, err := ask(t, ann, last.UserID, object{"verify": "hi"})
			if n < aDay {
				must(t, fmt.Sprint("request ", n+1), err)
				continue
			}
			if e := refuses(t, "one too many", err, 429, 10007); e.RetryAfter <= 0 {
				t.Errorf("retry after %v", e.RetryAfter)
			}
		}
		if r := requests(t, last, "flag=rev"); r.Count != 0 || r.Pending != 0 {
			t.Errorf("what was refused came: %+v", r)
		}
		if r := requests(t, ann, "flag=send&limit=1"); r.Count != aDay {
			t.Errorf("sent: %+v", r)
		}
	})
}
