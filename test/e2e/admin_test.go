package e2e

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"tudoIM/test/client"
	"tudoIM/test/suite"
)

// audited is a line of the audit.
type audited struct {
	ID           uint64 `json:"id"`
	OperatorID   uint64 `json:"operatorId"`
	OperatorName string `json:"operatorName"`
	Act          string `json:"act"`
	TargetID     uint64 `json:"targetId"`
	About        string `json:"about"`
	IP           string `json:"ip"`
	Code         int    `json:"code"`
	Times        int    `json:"times"`
	CreatedAt    int64  `json:"createdAt"`
}

// audit returns the newest lines that filter, a query, lets pass.
func audit(t *testing.T, boss *client.Client, filter string) []audited {
	t.Helper()
	var out struct {
		List []audited `json:"list"`
	}
	must(t, "audit", boss.Call(ctx(t), http.MethodGet, "/api/user/admin/audit?limit=100&"+filter, nil, &out))
	return out.List
}

type account struct {
	UserID          uint64 `json:"userId"`
	UserName        string `json:"userName"`
	Role            int    `json:"role"`
	Status          int    `json:"status"`
	CurtailChat     bool   `json:"curtailChat"`
	IsOnline        bool   `json:"isOnline"`
	FriendCount     int    `json:"friendCount"`
	GroupCount      int    `json:"groupCount"`
	GroupOwnerCount int    `json:"groupOwnerCount"`
	SessionCount    int    `json:"sessionCount"`
	SendMsgCount    int    `json:"sendMsgCount"`
}

func see(t *testing.T, boss *client.Client, user uint64) (a account, err error) {
	t.Helper()
	return a, boss.Call(ctx(t), http.MethodGet, fmt.Sprint("/api/user/admin/users/", user), nil, &a)
}

func deleteUsers(t *testing.T, boss *client.Client, ids ...uint64) (deleted int, refused map[uint64]int, err error) {
	t.Helper()
	var out struct {
		Deleted int `json:"deleted"`
		Refused []struct {
			UserID uint64 `json:"userId"`
			Code   int    `json:"code"`
			Msg    string `json:"msg"`
		} `json:"refused"`
	}
	err = boss.Call(ctx(t), http.MethodDelete, "/api/user/admin/users", map[string]any{"idList": ids}, &out)
	refused = map[uint64]int{}
	for _, r := range out.Refused {
		if refused[r.UserID] = r.Code; r.Msg == "" {
			t.Errorf("%d is refused without a word", r.UserID)
		}
	}
	return out.Deleted, refused, err
}

func setRole(t *testing.T, boss *client.Client, user uint64, role int) error {
	t.Helper()
	return boss.Call(ctx(t), http.MethodPut, fmt.Sprintf("/api/user/admin/users/%d/role", user), map[string]any{"role": role}, nil)
}

func resetPassword(t *testing.T, boss *client.Client, user uint64, pwd string) error {
	t.Helper()
	return boss.Call(ctx(t), http.MethodPut, fmt.Sprintf("/api/user/admin/users/%d/password", user), map[string]any{"password": pwd}, nil)
}

func TestAdministratorsSeeUsers(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		boss := administrator(t, s)
		ann, bob := friends(t, s)
		if _, err := ann.CreateGroup(ctx(t), "team", bob.UserID); err != nil {
			t.Fatal(err)
		}
		ab, _ := lines(t, ann, bob)
		ab.answers(t, "two of them", 0)
		a, err := see(t, boss, ann.UserID)
		if err != nil || a.UserName != ann.Name || a.Role != 2 || a.Status != 0 || !a.IsOnline || a.FriendCount != 1 || a.GroupCount != 1 ||
			a.GroupOwnerCount != 1 || a.SessionCount != 1 || a.SendMsgCount != 2 {
			t.Errorf("ann: %+v, %v", a, err)
		}
		var page struct {
			List  []account `json:"list"`
			Count int       `json:"count"`
		}
		for query, want := range map[string][]uint64{
			"key=" + bob.Name: {bob.UserID}, "role=1&key=" + boss.Name: {boss.UserID},
			"role=1&key=" + bob.Name: nil, "status=1&key=" + bob.Name: nil, "key=%25%25": nil,
		} {
			must(t, query, boss.Call(ctx(t), http.MethodGet, "/api/user/admin/users?"+query, nil, &page))
			var got []uint64
			for _, a := range page.List {
				got = append(got, a.UserID)
			}
			if !slices.Equal(got, want) || page.Count != len(want) {
				t.Errorf("%s: %v of %d, want %v", query, got, page.Count, want)
			}
		}
		must(t, "by id", boss.Call(ctx(t), http.MethodGet, fmt.Sprint("/api/user/admin/users?key=", ann.UserID), nil, &page))
		if !slices.ContainsFunc(page.List, func(a account) bool { return a.UserID == ann.UserID }) {
			t.Errorf("by id: %+v", page)
		}
		must(t, "all", boss.Call(ctx(t), http.MethodGet, "/api/user/admin/users?limit=1", nil, &page))
		if len(page.List) != 1 || page.Count < 3 {
			t.Errorf("a page of one: %+v", page)
		}
		_, err = see(t, boss, 1<<50)
		wantCode(t, "nobody", err, 10006)
	})
}

func TestARoleIsInForceAtOnce(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		boss, ann := administrator(t, s), register(t, s, 1)
		_, err := see(t, ann, boss.UserID)
		wantCode(t, "before", err, 10005)
		must(t, "promote", setRole(t, boss, ann.UserID, 1))
		must(t, "promote again", setRole(t, boss, ann.UserID, 1))
		if a, err := see(t, ann, ann.UserID); err != nil || a.Role != 1 {
			t.Errorf("with the token of before: %+v, %v", a, err)
		}
		must(t, "demote", setRole(t, ann, boss.UserID, 2))
		_, err = see(t, boss, ann.UserID)
		wantCode(t, "demoted", err, 10005)
		wantCode(t, "one's own role", setRole(t, ann, ann.UserID, 2), 10009)
		for _, role := range []any{0, 3, -1} {
			wantCode(t, fmt.Sprint("role ", role), setRole(t, ann, boss.UserID, role.(int)), 10001)
		}
	})
}

func TestAResetPasswordEndsSessions(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		boss, ann := administrator(t, s), register(t, s, 1)
		socket := dial(t, ann)
		wantCode(t, "a weak one", resetPassword(t, boss, ann.UserID, "short"), 20002)
		_, err := ann.Sessions(ctx(t))
		must(t, "after a refusal", err)
		const next = "another horse battery"
		must(t, "reset", resetPassword(t, boss, ann.UserID, next))
		<-socket.Done()
		if code := client.CloseCode(socket.Err()); code != 4001 {
			t.Errorf("the socket closed with %d: %v", code, socket.Err())
		}
		_, err = ann.Sessions(ctx(t))
		wantCode(t, "the access token", err, 10004)
		wantCode(t, "the refresh token", ann.Refresh(ctx(t)), 20020)
		wantCode(t, "the old password", ann.Login(ctx(t), ann.Name, password), 20010)
		must(t, "the new one", ann.Login(ctx(t), ann.Name, next))
		wantCode(t, "one's own", resetPassword(t, boss, boss.UserID, next), 10009)
	})
}

func TestADeletedUserIsGone(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		boss := administrator(t, s)
		ann, bob := friends(t, s)
		owner := register(t, s, 0)
		if _, err := owner.CreateGroup(ctx(t), "team"); err != nil {
			t.Fatal(err)
		}
		annBob, bobAnn := lines(t, ann, bob)
		annBob.answers(t, "friends", 0)
		n, refused, err := deleteUsers(t, boss, bob.UserID, owner.UserID, boss.UserID, 1<<50)
		if err != nil || n != 1 || len(refused) != 3 || refused[owner.UserID] != 20060 || refused[boss.UserID] != 10009 || refused[1<<50] != 10006 {
			t.Errorf("deleted %d, refused %v, %v", n, refused, err)
		}
		<-bobAnn.socket.Done()
		if code := client.CloseCode(bobAnn.socket.Err()); code != 4001 {
			t.Errorf("the socket closed with %d: %v", code, bobAnn.socket.Err())
		}
		annBob.answers(t, "gone", 40002)
		_, err = bob.Sessions(ctx(t))
		wantCode(t, "the access token", err, 10004)
		wantCode(t, "login", client.New(bob.Base).Login(ctx(t), bob.Name, password), 20010)
		wantCode(t, "the name", client.New(bob.Base).Register(ctx(t), bob.Name, password), 20001)
		if a, err := see(t, boss, bob.UserID); err != nil || a.Status != 2 {
			t.Errorf("as administrators see it: %+v, %v", a, err)
		}
		if n, refused, err := deleteUsers(t, boss, bob.UserID); err != nil || n != 1 || len(refused) != 0 {
			t.Errorf("again: %d, %v, %v", n, refused, err)
		}
		must(t, "the owner goes on", owner.Refresh(ctx(t)))
		got := audit(t, boss, "act=user.delete&operatorId="+fmt.Sprint(boss.UserID))
		codes := map[uint64]int{}
		for _, a := range got {
			codes[a.TargetID] = max(codes[a.TargetID], a.Code)
			if a.OperatorName != boss.Name || a.IP != "127.0.0.1" || a.CreatedAt == 0 {
				t.Errorf("%+v", a)
			}
		}
		if len(got) != 5 || codes[bob.UserID] != 0 || codes[owner.UserID] != 20060 || codes[boss.UserID] != 10009 || codes[1<<50] != 10006 {
			t.Errorf("written down: %+v", got)
		}
	})
}

// adminCalls are all routes for administrators with what they are written
// down as; user is a user.
func adminCalls(user uint64) map[string]struct {
	act  string
	body any
} {
	type call = struct {
		act  string
		body any
	}
	u := func(rest string) string { return fmt.Sprintf("/api/user/admin/users/%d%s", user, rest) }
	return map[string]call{
		"GET /api/user/admin/users":                                {"user.list", nil},
		"GET " + u(""):                                             {"user.see", nil},
		"DELETE /api/user/admin/users":                             {"user.delete", map[string]any{"idList": []uint64{user}}},
		"PUT " + u("/curtail"):                                     {"user.curtail", map[string]any{"curtailChat": true}},
		"PUT " + u("/status"):                                      {"user.status", map[string]any{"disabled": true}},
		"PUT " + u("/role"):                                        {"user.role", map[string]any{"role": 1}},
		"PUT " + u("/password"):                                    {"user.password", map[string]any{"password": "another horse battery"}},
		"GET /api/user/admin/audit":                                {"audit.read", nil},
		"GET /api/settings/admin/info":                             {"settings.read", nil},
		"PUT /api/settings/admin/info":                             {"settings.change", map[string]any{"registerOpen": false}},
		"POST /api/chat/admin/system":                              {"chat.notice", map[string]any{"userIds": []uint64{user}, "clientMsgId": "n", "msg": client.Text("x")}},
		"DELETE /api/chat/admin/history":                           {"chat.delete", map[string]any{"idList": []uint64{1}}},
		fmt.Sprintf("GET /api/chat/admin/session?userId=%d", user): {"chat.sessions", nil},
		"GET /api/file/admin/files":                                {"file.list", nil},
		"DELETE /api/file/admin/files":                             {"file.delete", map[string]any{"uids": []string{strings.Repeat("A", 22)}}},
		"GET /api/group/admin/groups":                              {"group.list", nil},
		"DELETE /api/group/admin/groups":                           {"group.dissolve", map[string]any{"idList": []uint64{1}}},
		"PUT /api/group/admin/groups/1/status":                     {"group.status", map[string]any{"status": 1}},
		"GET /api/group/admin/messages/1":                          {"group.messages.read", nil},
		"DELETE /api/group/admin/messages":                         {"group.messages.delete", map[string]any{"idList": []uint64{1}}},
		fmt.Sprintf("GET /api/chat/admin/history?sendUserId=%d&revUserId=%d", user, 1): {"chat.history", nil},
	}
}

// Row S1: nobody else reaches what is for administrators, whatever says so;
// row S7: and that they tried is written down.
func TestNobodyElseActsAsAdministrator(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		boss, eve, ann := administrator(t, s), register(t, s, 1), register(t, s, 0)
		before := photograph(t, s, ann, eve)
		tried := 0
		for route, c := range adminCalls(ann.UserID) {
			method, path, _ := strings.Cut(route, " ")
			for _, header := range []http.Header{
				{}, {"Role": {"1"}}, {"role": {"1"}, "User-Id": {fmt.Sprint(boss.UserID)}}, {"X-Role": {"1"}},
			} {
				body := []byte(nil)
				if c.body != nil {
					body, _ = json.Marshal(c.body)
					if c.act != "settings.change" { // which knows no other keys
						body = slices.Concat(body[:len(body)-1], fmt.Appendf(nil, `,"operatorId":%d}`, boss.UserID))
					}
					header = header.Clone()
					header.Set("Content-Type", "application/json")
				}
				resp, err := eve.Do(ctx(t), method, path, bytes.NewReader(body), header)
				if err != nil {
					t.Fatal(err)
				}
				answer, _ := io.ReadAll(resp.Body)
				_ = resp.Body.Close()
				if resp.StatusCode != http.StatusForbidden || !strings.Contains(string(answer), `"code":10005`) {
					t.Errorf("%s: %d %s", route, resp.StatusCode, answer)
				}
				tried++
			}
			wantCode(t, route+" by nobody", client.New(eve.Base).Call(ctx(t), method, path, c.body, nil), 10002)
		}
		unchanged(t, "what was refused", before, photograph(t, s, ann, eve))
		must(t, "ann goes on", ann.Refresh(ctx(t)))
		times := map[string]int{}
		for _, a := range audit(t, boss, "refusedOnly=true&operatorId="+fmt.Sprint(eve.UserID)) {
			times[a.Act] += a.Times
			if a.Code != 10005 {
				t.Errorf("%+v", a)
			}
		}
		sum := 0
		for route, c := range adminCalls(ann.UserID) {
			if sum += times[c.act]; times[c.act] != 4 {
				t.Errorf("%s was tried four times, written down %d", route, times[c.act])
			}
		}
		if sum != tried {
			t.Errorf("%d tries, %d written down", tried, sum)
		}
	})
}

// What administrators do is written down, what they may not as well, and no
// route changes or deletes it. Row S3: reading what others said is off.
func TestWhatAdministratorsDoIsWrittenDown(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		boss := administrator(t, s)
		ann, bob := friends(t, s)
		must(t, "curtail", curtail(t, boss, ann.UserID, map[string]any{"curtailChat": true, "until": 4102444800000}))
		wantCode(t, "history", boss.Call(ctx(t), http.MethodGet,
			fmt.Sprintf("/api/chat/admin/history?sendUserId=%d&revUserId=%d", ann.UserID, bob.UserID), nil, nil), 10005)
		var lines []string
		mine := func() []string {
			lines = nil
			for _, a := range audit(t, boss, "operatorId="+fmt.Sprint(boss.UserID)) {
				if a.Act != "audit.read" {
					lines = append(lines, fmt.Sprintf("%s of %d: %s, %d", a.Act, a.TargetID, a.About, a.Code))
				}
			}
			return lines
		}
		want := []string{
			fmt.Sprintf("chat.history of %d: users %d and %d, before 0, 10005", ann.UserID, ann.UserID, bob.UserID),
			fmt.Sprintf("user.curtail of %d: chat true, until 4102444800000, 0", ann.UserID),
		}
		if got := mine(); !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
		promoted := audit(t, boss, "act=user.role&targetId="+fmt.Sprint(boss.UserID))
		if len(promoted) != 1 || promoted[0].OperatorID != 0 || promoted[0].About != "role 1, by the command line" {
			t.Errorf("by the command line: %+v", promoted)
		}
		for _, method := range []string{http.MethodPut, http.MethodDelete, http.MethodPost} {
			for _, path := range []string{"/api/user/admin/audit", fmt.Sprint("/api/user/admin/audit/", promoted[0].ID)} {
				var e *client.Error
				err := boss.Call(ctx(t), method, path, map[string]any{"id": promoted[0].ID, "idList": []uint64{promoted[0].ID}}, nil)
				if !errors.As(err, &e) || e.HTTP != http.StatusNotFound && e.HTTP != http.StatusMethodNotAllowed {
					t.Errorf("%s %s: %v", method, path, err)
				}
			}
		}
		if got := mine(); !slices.Equal(got, want) {
			t.Errorf("afterwards %q, want %q", got, want)
		}
		for _, query := range []string{"cursor=x", "cursor=0", "limit=x", "refusedOnly=7", "operatorId=-1"} {
			wantCode(t, query, boss.Call(ctx(t), http.MethodGet, "/api/user/admin/audit?"+query, nil, nil), 10001)
		}
	})
}

// Nobody is an administrator by default, nor by saying so.
func TestTheCommandNamesTheFirstAdministrator(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		who := name(t)
		c := client.New(s.URLs()[0])
		must(t, "register", c.Call(ctx(t), http.MethodPost, "/api/auth/register", map[string]any{
			"userName": who, "password": password, "deviceId": "d", "platform": "web", "role": 1, "id": 1, "isAdmin": true, "deletedAt": 1,
		}, nil))
		must(t, "login", c.Login(ctx(t), who, password))
		if c.Role != 2 {
			t.Errorf("role %d", c.Role)
		}
		if out, err := s.Command("tudoim", "-admin", who+"-nobody").CombinedOutput(); err == nil || !strings.Contains(string(out), "there is no user") {
			t.Errorf("nobody: %v\n%s", err, out)
		}
		if out, err := s.Command("tudoim", "-admin", fmt.Sprint(c.UserID)).CombinedOutput(); err != nil || !strings.Contains(string(out), who+" (user") {
			t.Errorf("by id: %v\n%s", err, out)
		}
		must(t, "login", c.Login(ctx(t), who, password))
		if c.Role != 1 {
			t.Errorf("role %d", c.Role)
		}
	})
}

// site is the public settings.
type site map[string]any

func (s site) text() string {
	b, err := json.Marshal(s)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

func siteOf(t *testing.T, url string) site {
	t.Helper()
	var s site
	must(t, "settings", client.New(url).Call(ctx(t), http.MethodGet, "/api/settings/info", nil, &s))
	return s
}

// TestTheSiteAndItsLastAdministrator are rows S2 and S4 to S6, on a suite of
// its own: they are about all of it.
func TestTheSiteAndItsLastAdministrator(t *testing.T) {
	alone(t, 2, func(t *testing.T, s *suite.Suite) {
		boss := administrator(t, s)
		ann, bob := friends(t, s)
		change := func(body any) error {
			return boss.Call(ctx(t), http.MethodPut, "/api/settings/admin/info", body, nil)
		}

		other := administrator(t, s)
		must(t, "one of two", setRole(t, boss, other.UserID, 2))
		for what, err := range map[string]error{
			"demote oneself":  setRole(t, boss, boss.UserID, 2),
			"disable oneself": setDisabled(t, boss, boss.UserID, true),
			"a fallen one":    setRole(t, other, boss.UserID, 2),
		} {
			if code := client.Code(err); code != 10009 && code != 10005 {
				t.Errorf("S2 %s: %v", what, err)
			}
		}
		if n, refused, err := deleteUsers(t, boss, boss.UserID); err != nil || n != 0 || refused[boss.UserID] != 10009 {
			t.Errorf("S2 delete oneself: %d, %v, %v", n, refused, err)
		}

		before := siteOf(t, s.URLs()[0]).text()
		for name, body := range map[string]any{
			"an unknown key":    map[string]any{"registerOpen": false, "registeropenn": true},
			"one inside":        map[string]any{"site": map[string]any{"title": "x", "logo": "y"}},
			"a wrong type":      map[string]any{"registerOpen": "no"},
			"a number out":      map[string]any{"recallWindowSeconds": -1},
			"a size out":        map[string]any{"fileMaxBytes": 1 << 40},
			"a text too long":   map[string]any{"site": map[string]any{"title": strings.Repeat("x", 65)}},
			"markup":            map[string]any{"site": map[string]any{"title": "<b>x</b>"}},
			"no such policy":    map[string]any{"multiLogin": "none"},
			"a code to guess":   map[string]any{"inviteCode": "short"},
			"one good, one bad": map[string]any{"registerOpen": false, "maxTextLength": 0},
			"a list":            []any{},
		} {
			wantCode(t, "S4 "+name, change(body), 10001)
		}
		wantCode(t, "S4 too large", change(map[string]any{"site": map[string]any{"title": strings.Repeat("x", 1<<20)}}), 10008)
		must(t, "nothing", change(map[string]any{}))
		if after := siteOf(t, s.URLs()[0]).text(); after != before {
			t.Errorf("S4 what was refused changed the site: %s, before %s", after, before)
		}

		must(t, "change", change(map[string]any{
			"site": map[string]any{"title": "图多"}, "registerOpen": false, "inviteCode": "let-me-in", "maxTextLength": 10,
			"recallWindowSeconds": 0, "multiLogin": "single",
		}))
		for _, url := range s.URLs() { // S6: within 10 s everywhere
			eventually(t, "the change is followed", func(context.Context) error {
				got := siteOf(t, url)
				if got["registerOpen"] != false || got["maxTextLength"] != 10.0 || got["multiLogin"] != "single" {
					return fmt.Errorf("still %s", got.text())
				}
				return nil
			})
		}
		if public := siteOf(t, s.URLs()[0]).text(); strings.Contains(public, "let-me-in") || strings.Contains(strings.ToLower(public), "secret") {
			t.Errorf("S5 the public settings tell %s", public)
		}
		var all site
		must(t, "all settings", boss.Call(ctx(t), http.MethodGet, "/api/settings/admin/info", nil, &all))
		if all["inviteCode"] != "let-me-in" {
			t.Errorf("for administrators: %s", all.text())
		}
		for _, a := range audit(t, boss, "act=settings.change") {
			if strings.Contains(a.About, "let-me-in") {
				t.Errorf("the audit tells the code: %+v", a)
			}
		}
		refused := func(what string, code int, try func() error) {
			t.Helper()
			eventually(t, what, func(context.Context) error {
				if err := try(); client.Code(err) != code {
					return fmt.Errorf("not answered with %d: %w", code, cmp.Or(err, errors.New("done")))
				}
				return nil
			})
		}
		refused("registration is closed", 20003, func() error { return client.New(ann.Base).Register(ctx(t), name(t), password) })
		n := 0
		refused("long texts are refused", 40006, func() error {
			n++
			_, err := ann.Send(ctx(t), text(bob, fmt.Sprint("long-", n), "12345678901"))
			return err
		})
		sent, err := ann.Send(ctx(t), text(bob, "short", "1234567890"))
		must(t, "a short one", err)
		refused("the window is shut", 40013, func() error {
			return ann.Call(ctx(t), http.MethodPost, "/api/chat/recall", map[string]any{"msgId": sent.MsgID}, nil)
		})
		second := client.New(ann.Base)
		second.Device = "second"
		refused("one device alone", 10004, func() error {
			if err := second.Login(ctx(t), ann.Name, password); err != nil {
				return err
			}
			_, err := ann.Sessions(ctx(t))
			return err
		})
	})
}
