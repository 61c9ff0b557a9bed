package hostile

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"tudoIM/common/token"
	"tudoIM/test/client"
)

// rowsOfTokens are A1, A2, A5, A7 and A8 beyond what test/e2e plays of them:
// on routes of every service and on sockets, and what they cost.
func rowsOfTokens(t *testing.T, w *stage) {
	jwt := w.secretFile(t, "jwt.secret")
	b64 := base64.RawURLEncoding.EncodeToString
	parts := strings.Split(w.ann.AccessToken, ".")
	issue := func(secret []byte, id token.Identity, at time.Time) string {
		raw, err := token.Issue(secret, id, at, time.Minute)
		must(t, "a token", err)
		w.secret("a token", raw)
		return raw
	}
	ann := token.Identity{UserID: w.ann.UserID, SessionID: 1 << 40, Role: 2}
	head := func(alg string) string { return b64([]byte(`{"alg":"`+alg+`","typ":"JWT"}`)) + "." }
	var rows []row
	for _, route := range [][2]string{
		{"GET", me}, {"POST", "/api/auth/logout"}, {"GET", "/api/chat/session"}, {"POST", "/api/chat/send"}, {"GET", "/api/group/my"}, {"GET", "/api/file/mine"}, {"PUT", "/api/settings/admin/info"},
	} {
		for _, c := range []struct {
			name   string
			header http.Header
			code   int
		}{
			{"A1 none", nil, 10002},
			{"A1 empty", http.Header{"Authorization": {""}, "Token": {""}}, 10002},
			{"A1 Bearer alone", http.Header{"Authorization": {"Bearer"}}, 10002},
			{"A1 two", http.Header{"Authorization": {"Bearer " + w.ann.AccessToken, "Bearer " + w.bob.AccessToken}}, 10002},
			{"A1 two that differ", http.Header{"Authorization": {"Bearer " + w.ann.AccessToken}, "Token": {w.bob.AccessToken}}, 10002},
			{"A1 a tab inside", http.Header{"Token": {parts[0] + ".\t" + parts[1] + "." + parts[2]}}, 10002},
			{"A2 none", http.Header{"Token": {head("none") + parts[1]}}, 10002},
			{"A2 none, a dot", http.Header{"Token": {head("none") + parts[1] + "."}}, 10002},
			{"A2 NONE", http.Header{"Token": {head("NONE") + parts[1] + "."}}, 10002},
			{"A2 nOnE, signed", http.Header{"Token": {head("nOnE") + parts[1] + "." + parts[2]}}, 10002},
			{"A2 another algorithm", http.Header{"Token": {head("HS384") + parts[1] + "." + parts[2]}}, 10002},
			{"A2 a key in the head", http.Header{"Token": {b64([]byte(`{"alg":"HS256","jwk":{"kty":"oct","k":"AA"},"kid":"../../dev/null"}`)) + "." + parts[1] + "." + parts[2]}}, 10002},
			{"A2 signed with nothing", http.Header{"Token": {issue([]byte(""), ann, time.Now())}}, 10002},
			{"A2 signed with a word", http.Header{"Token": {issue([]byte("secret"), ann, time.Now())}}, 10002},
			{"A5 ended", http.Header{"Token": {issue(jwt, ann, time.Now().Add(-2*time.Minute))}}, 10003},
			{"A5 of tomorrow", http.Header{"Token": {issue(jwt, ann, time.Now().Add(24*time.Hour))}}, 10002},
			{"A8 edited", http.Header{"Token": {parts[0] + "." + b64([]byte(fmt.Sprintf(`{"iss":"tudoIM","aud":"tudoIM","typ":"access","uid":%d,"sid":1,"role":1,"exp":9999999999}`, w.bob.UserID))) + "." + parts[2]}}, 10002},
			{"A8 no claims", http.Header{"Token": {parts[0] + "." + b64([]byte(`null`)) + "." + parts[2]}}, 10002},
			{"A8 a session there is not", http.Header{"Token": {issue(jwt, ann, time.Now())}}, 10004},
			{"A8 user 0", http.Header{"Token": {issue(jwt, token.Identity{SessionID: 1}, time.Now())}}, 10002},
		} {
			for k := range c.header {
				if strings.HasPrefix(strings.Join(c.header[k], ""), "Bearer ey") || k == "Token" {
					w.secret("a token that is none", strings.TrimPrefix(c.header[k][0], "Bearer "))
				}
			}
			rows = append(rows, row{c.name, w.gateway(), nil, route[0], route[1], c.header, nil, 401, c.code, false, ""})
		}
	}
	w.set(t, "tokens", rows...)

	// A7: dots cost nothing. As many as a head may have are refused at once,
	// more are not read.
	before := w.rss(t)
	var took []time.Duration
	for range 40 {
		begin := time.Now()
		w.send(t, row{"A7 8 KB of dots", w.gateway(), nil, "GET", me, http.Header{"Authorization": {"Bearer " + strings.Repeat(".", 8<<10)}}, nil, 401, 10002, false, ""})
		took = append(took, time.Since(begin))
	}
	slices.Sort(took)
	if took[len(took)/2] > 50*time.Millisecond {
		t.Errorf("A7 dots take %v", took[len(took)/2])
	}
	for range 20 {
		answers, _ := raw(t, w.s.Half("gateway")[0].Addr, "GET "+me+" HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "+strings.Repeat(".", 1<<20)+"\r\n\r\n", quick)
		if got := statuses(answers); len(got) > 1 || len(got) == 1 && got[0] != "431" {
			t.Errorf("A7 1 MB of dots: %v", got)
		}
	}
	if grown := w.rss(t) - before; grown > 100<<20 {
		t.Errorf("A7 dots cost %d MB", grown>>20)
	}
}

// rowsOfSettings are S5: what is read without a login has no secret, and
// nothing that only administrators are shown.
func rowsOfSettings(t *testing.T, w *stage) {
	for _, path := range []string{"/api/settings/info", "/api/settings/open_login", "/api/auth/open_login", "/healthz", "/readyz", "/"} {
		resp, err := http.Get(w.s.URLs()[0] + path)
		must(t, path, err)
		defer resp.Body.Close()
		var body strings.Builder
		if err := resp.Write(&body); err != nil { // head and body
			t.Fatal(err)
		}
		w.mu.Lock()
		for value, what := range w.secrets {
			if strings.Contains(body.String(), value) {
				t.Errorf("S5 %s has %s", path, what)
			}
		}
		w.mu.Unlock()
		if path == "/" {
			continue // the web client speaks of passwords: it asks for them
		}
		for _, word := range []string{"secret", "appKey", "clientSecret", "smtp", "dsn", w.s.Dir} {
			if strings.Contains(strings.ToLower(body.String()), strings.ToLower(word)) {
				t.Errorf("S5 %s speaks of %s: %s", path, word, body.String())
			}
		}
	}
	w.play(t,
		row{"S5 the rest, by nobody", w.gateway(), nil, "GET", "/api/settings/admin/info", nil, nil, 401, 10002, false, ""},
		row{"S5 the rest, by ann", w.gateway(), w.ann, "GET", "/api/settings/admin/info", nil, nil, 403, 10005, false, ""},
		row{"S5 changed by ann", w.gateway(), w.ann, "PUT", "/api/settings/admin/info", nil, object{"site": object{"title": "x"}}, 0, 0, false, ""},
	)
}

// rowsOfChats are PC1 to PC4 and PC7 to PC10, on conversations of others.
func rowsOfChats(t *testing.T, w *stage) {
	theirs, team := private(w.eve, w.fay), fmt.Sprint("g_", w.team)
	mine := private(w.ann, w.bob)
	g := w.gateway()
	at := func(name, method, path string, body any, status, code int) row {
		return row{name, g, w.ann, method, "/api/chat" + path, nil, body, status, code, false, ""}
	}
	mild := func(name, method, path string, body any) row {
		r := at(name, method, path, body, 0, 0)
		r.mild = true
		return r
	}
	id := func(path string) string { return fmt.Sprint(path, w.theirs) }
	said, err := w.ann.All(ctx(t), mine)
	if err != nil || len(said) == 0 {
		t.Fatalf("what ann said: %v, %v", said, err)
	}
	own := said[0].ID
	var many []object
	for i := range 500 {
		many = append(many, object{"userId": i + 1})
	}
	rows := []row{
		at("PC1 of two others", "GET", "/history?conversationId="+theirs, nil, 404, 40001),
		at("PC1 of one of them", "GET", fmt.Sprint("/history?friendId=", w.eve.UserID), nil, 404, 40001),
		at("PC1 of a group", "GET", "/history?conversationId="+team, nil, 404, 40001),
		at("PC1 of nobody", "GET", "/history?friendId=18446744073709551615", nil, 0, 0),
		mild("PC1 of both", "GET", fmt.Sprint("/history?conversationId=", theirs, "&friendId=", w.bob.UserID), nil),
		mild("PC1 named twice", "GET", "/history?conversationId="+mine+"&conversationId="+theirs, nil),
		at("PC1 media", "GET", "/media?conversationId="+theirs+"&kind=file", nil, 404, 40001),
		at("PC1 pins", "GET", "/pins?conversationId="+theirs, nil, 404, 40001),
		at("PC1 the line in the list", "GET", "/session/"+theirs, nil, 404, 40001),
		at("PC1 settings of it", "PUT", "/session/"+theirs, object{"isTop": true, "draft": "x"}, 404, 40001),
		at("PC1 hide it", "DELETE", "/session/"+theirs, object{"clear": true}, 404, 40001),
		at("PC1 sync it", "POST", "/sync", object{"conversations": []object{{"id": theirs}, {"id": team}}}, 404, 40001),
		at("PC1 mark it", "POST", "/unread", object{"conversationId": theirs}, 404, 40001),
		at("PC2 a message", "GET", id("/message/"), nil, 404, 40011),
		at("PC2 edit it", "PUT", id("/message/"), object{"msg": client.Text("mine")}, 404, 40011),
		at("PC2 recall it", "POST", "/recall", object{"msgId": w.theirs}, 404, 40011),
		at("PC2 react", "POST", "/reaction", object{"msgId": w.theirs, "emoji": "👍", "on": true}, 404, 40011),
		at("PC2 pin it", "POST", "/pins", object{"msgId": w.theirs}, 404, 40011),
		at("PC2 unpin it", "DELETE", id("/pins/"), nil, 404, 40011),
		at("PC2 who read it", "GET", id("/readers/"), nil, 404, 40011),
		at("PC2 what it carries", "GET", id("/forward/"), nil, 404, 40011),
		at("PC2 delete it for all", "DELETE", "/chat", object{"idList": []uint64{w.theirs}, "both": true}, 404, 40011),
		at("PC2 read their conversation", "POST", "/read", object{"conversationId": theirs, "readSeq": 1}, 404, 40001),
		mild("PC2 delete it for me", "DELETE", "/chat", object{"idList": []uint64{w.theirs}}),
		mild("PC2 recall many", "POST", "/recall/batch", object{"idList": []uint64{w.theirs}}),
		at("PC3 own and foreign, for all", "DELETE", "/chat", object{"idList": []uint64{w.theirs, 1 << 50}, "both": true}, 404, 40011),
		at("PC3 1,001 ids", "DELETE", "/chat", object{"idList": make([]uint64, 1001)}, 400, 10001),
		at("PC3 no ids", "DELETE", "/chat", object{"idList": []uint64{}}, 400, 10001),
		at("PC4 top a stranger", "POST", "/user_top", object{"friendId": w.eve.UserID, "isTop": true}, 404, 0),
		at("PC4 top nobody", "POST", "/user_top", object{"friendId": 0, "isTop": true}, 404, 40001),
		at("PC4 top user 2^64-1", "POST", "/user_top", object{"friendId": json.Number("18446744073709551615"), "isTop": true}, 0, 0),
		at("PC7 read past the end", "POST", "/read", object{"conversationId": mine, "readSeq": 1000}, 400, 40015),
		at("PC7 read the future", "POST", "/read", object{"conversationId": mine, "readSeq": json.Number("18446744073709551615")}, 400, 40015),
		at("PC7 read -1", "POST", "/read", object{"conversationId": mine, "readSeq": -1}, 400, 10001),
		at("PC7 read half", "POST", "/read", object{"conversationId": mine, "readSeq": 0.5}, 400, 10001),
		mild("PC7 read backwards", "POST", "/read", object{"conversationId": mine, "readSeq": 0}),
		at("PC9 to a stranger", "POST", "/forward", object{"idList": []uint64{own}, "mode": "each", "targets": []object{{"userId": w.eve.UserID}}, "clientMsgIds": []string{"f"}}, 0, 0),
		at("PC9 to a group of others", "POST", "/forward", object{"idList": []uint64{own}, "mode": "each", "targets": []object{{"groupId": w.team}}, "clientMsgIds": []string{"f"}}, 0, 0),
		at("PC9 what is not mine", "POST", "/forward", object{"idList": []uint64{w.theirs}, "mode": "merged", "targets": []object{{"userId": w.bob.UserID}}, "clientMsgIds": []string{"f"}}, 0, 0),
		at("PC9 to 500", "POST", "/forward", object{"idList": []uint64{own}, "mode": "each", "targets": many, "clientMsgIds": []string{"f"}}, 400, 0),
		at("PC9 101 messages", "POST", "/forward", object{"idList": make([]uint64, 101), "mode": "each", "targets": many[:1], "clientMsgIds": []string{"f"}}, 400, 0),
		at("PC9 another mode", "POST", "/forward", object{"idList": []uint64{own}, "mode": "x", "targets": many[:1], "clientMsgIds": []string{"f"}}, 400, 0),
		// There is no search of messages: PC10 finds no route.
		at("PC10", "GET", "/search?key=%25", nil, 404, 10006),
	}
	for _, n := range []string{"1e18", "abc", "1.5", "18446744073709551616", "%00", "1;drop"} {
		for _, key := range []string{"afterSeq", "beforeSeq", "aroundSeq", "limit", "msgType"} {
			rows = append(rows, at("PC8 "+key, "GET", "/history?conversationId="+mine+"&"+key+"="+n, nil, 0, 0))
		}
	}
	for _, n := range []string{"0", "-0", "-1", "2147483647"} {
		rows = append(rows, mild("PC8 limit", "GET", "/history?conversationId="+mine+"&limit="+n, nil))
	}
	for _, n := range []string{"0", "1000000000000000000", "18446744073709551615"} {
		for _, key := range []string{"afterSeq", "beforeSeq", "aroundSeq"} {
			rows = append(rows, at("PC8 "+key, "GET", "/history?conversationId="+mine+"&"+key+"=-1", nil, 400, 10001), mild("PC8 "+key, "GET", "/history?conversationId="+mine+"&"+key+"="+n, nil))
		}
	}
	rows = append(rows,
		at("PC8 two ends", "GET", "/history?conversationId="+mine+"&afterSeq=1&beforeSeq=2", nil, 400, 10001),
		mild("PC8 an unknown past", "POST", "/sync", object{"conversations": []object{}, "userVer": "x.y.z"}),
		mild("PC8 a long past", "POST", "/sync", object{"conversations": []object{}, "userVer": strings.Repeat("9", 5000)}),
		mild("PC8 the future", "POST", "/sync", object{"conversations": []object{{"id": mine, "seq": json.Number("18446744073709551615"), "ver": json.Number("18446744073709551615")}}}),
		at("PC8 201 conversations", "POST", "/sync", object{"conversations": slices.Repeat([]object{{"id": mine}}, 201)}, 400, 0),
		mild("PC8 one twice", "POST", "/sync", object{"conversations": slices.Repeat([]object{{"id": mine}}, 2)}),
		at("PC8 a cursor that is none", "GET", "/session?cursor=x", nil, 0, 0),
		at("PC8 a cursor of others", "GET", "/session?cursor=%25%27%20OR%201=1", nil, 0, 0),
		at("PC8 a long cursor", "GET", "/session?cursor="+strings.Repeat("9", 5000), nil, 0, 0),
	)
	w.play(t, rows...)

	// PC2 and PC3 say 200 where only one's own is touched: nothing was.
	if n, err := w.ann.Delete(ctx(t), false, w.theirs); err != nil || n != 0 {
		t.Errorf("PC3 %d deleted, %v", n, err)
	}
	if m, err := w.fay.Message(ctx(t), w.theirs); err != nil || m.Status != 0 {
		t.Errorf("PC2 theirs is %+v, %v", m, err)
	}
}

// rowsOfTheEnd are PC12 and the rest of W17: when a friendship is over, or one
// is blocked, disabled or deleted, over a socket that was open before.
func rowsOfTheEnd(t *testing.T, w *stage) {
	for name, c := range map[string]struct {
		end  func(mal, pal *client.Client) error
		code []int
	}{
		"unfriended": {func(mal, pal *client.Client) error {
			return pal.Call(ctx(t), http.MethodDelete, fmt.Sprint("/api/user/friends/", mal.UserID), nil, nil)
		}, []int{40002}},
		"blocked": {func(mal, pal *client.Client) error {
			return pal.Call(ctx(t), http.MethodPost, "/api/user/blacks", object{"userId": mal.UserID}, nil)
		}, []int{40003, 40002}},
		"gone": {func(_, pal *client.Client) error {
			var confirm struct {
				ConfirmToken string `json:"confirmToken"`
			}
			if err := pal.Call(ctx(t), http.MethodPost, "/api/auth/confirm", object{"scene": "deleteAccount", "password": password}, &confirm); err != nil {
				return err
			}
			w.secret("a confirmation", confirm.ConfirmToken)
			resp, err := pal.Do(ctx(t), http.MethodDelete, "/api/auth/account", strings.NewReader("{}"), http.Header{"Content-Type": {"application/json"}, "X-Confirm-Token": {confirm.ConfirmToken}})
			if err == nil {
				resp.Body.Close()
				if resp.StatusCode != http.StatusOK {
					err = fmt.Errorf("delete the account: %s", resp.Status)
				}
			}
			return err
		}, []int{40002, 40003}},
	} {
		t.Run(name, func(t *testing.T) {
			mal, pal := w.register(t), w.register(t)
			must(t, "friends", mal.Befriend(ctx(t), pal))
			mine, err := mal.Send(ctx(t), text(pal.UserID, "before", "before"))
			must(t, "send", err)
			file, err := pal.Upload(ctx(t), "hers.txt", []byte("a file of hers, "+pal.Name))
			must(t, "upload", err)
			_, err = pal.Send(ctx(t), client.SendRequest{RevUserID: mal.UserID, ClientMsgID: "file", Msg: client.Body{Type: 4, FileMsg: &client.MediaMsg{Title: "hers.txt", Src: file.Src}}})
			must(t, "send", err)
			s := w.dial(t, mal)
			ears := w.dial(t, pal)
			must(t, "end", c.end(mal, pal))
			ears.Events()
			for op, in := range map[string]any{
				"send": text(pal.UserID, "after", "after"), "edit": object{"msgId": mine.MsgID, "msg": client.Text("after")},
				"typing": object{"conversationId": private(mal, pal), "kind": "text", "on": true},
			} {
				err := s.Do(ctx(t), op, in, nil)
				if code := client.Code(err); op == "send" && !slices.Contains(c.code, code) || code == 10500 || code == 10010 || code == 0 && op != "typing" {
					t.Errorf("%s: %v", op, err)
				}
			}
			for _, r := range []row{
				{"PC12 send", w.gateway(), mal, "POST", "/api/chat/send", nil, text(pal.UserID, "after", "after"), 403, 0, false, ""},
				{"PC12 history by the old id", w.gateway(), mal, "GET", "/api/chat/history?conversationId=" + private(mal, pal), nil, nil, 0, 0, true, ""},
				{"PC12 her file", w.gateway(), mal, "GET", file.Src, nil, nil, 0, 0, true, ""},
			} {
				w.send(t, r)
			}
			for _, e := range ears.Events() {
				if e.Event == "message" || e.Event == "edited" || e.Event == "typing" {
					t.Errorf("heard %s %s", e.Event, e.Data)
				}
			}
			all, err := mal.All(ctx(t), private(mal, pal))
			if err == nil && slices.ContainsFunc(all, func(m client.Message) bool { return m.Content() == "after" }) {
				t.Error("what was said after is there")
			}
		})
	}
}
