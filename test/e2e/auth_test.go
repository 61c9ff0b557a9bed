package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tudoIM/common/token"
	"tudoIM/test/client"
	"tudoIM/test/oidc"
	"tudoIM/test/suite"
)

// providerName is what suites call the provider of these tests.
const providerName = "test-id"

// provider is one that suites let people log in by.
var provider = sync.OnceValue(func() *oidc.Provider {
	p, err := oidc.Start()
	if err != nil {
		panic(err)
	}
	return p
})

const nextPassword = "another horse battery"

// elsewhere is a client of c's user on another device, not logged in.
func elsewhere(c *client.Client, id string) *client.Client {
	other := client.New(c.Base)
	other.Device, other.Name = id, c.Name
	return other
}

// loggedIn is elsewhere, logged in by the password.
func loggedIn(t *testing.T, c *client.Client, id string) *client.Client {
	t.Helper()
	other := elsewhere(c, id)
	must(t, "login on "+id, other.Login(ctx(t), c.Name, password))
	return other
}

// opened is what register, login and open login answer.
type opened struct {
	UserID       uint64 `json:"userId"`
	Role         int32  `json:"role"`
	AccessToken  string `json:"accessToken"`
	RefreshToken string `json:"refreshToken"`
	ExpiresIn    int64  `json:"expiresIn"`
	Kicked       []struct {
		DeviceID string `json:"deviceId"`
	} `json:"kicked"`
}

func post(t *testing.T, c *client.Client, path string, in any) (out opened, err error) {
	t.Helper()
	return out, c.Call(ctx(t), http.MethodPost, path, in, &out)
}

func setPassword(t *testing.T, c *client.Client, old, next string) error {
	t.Helper()
	return c.Call(ctx(t), http.MethodPut, "/api/auth/password", map[string]any{"oldPassword": old, "newPassword": next}, nil)
}

// mySession is a line of my sessions.
type mySession struct {
	ID           uint64 `json:"id"`
	DeviceID     string `json:"deviceId"`
	Platform     string `json:"platform"`
	DeviceName   string `json:"deviceName"`
	IP           string `json:"ip"`
	Addr         string `json:"addr"`
	CreatedAt    int64  `json:"createdAt"`
	LastActiveAt int64  `json:"lastActiveAt"`
	IsCurrent    bool   `json:"isCurrent"`
}

func mySessions(t *testing.T, c *client.Client) []mySession {
	t.Helper()
	var out struct {
		List  []mySession `json:"list"`
		Count int         `json:"count"`
	}
	must(t, "sessions", c.Call(ctx(t), http.MethodGet, "/api/auth/sessions", nil, &out))
	if out.Count != len(out.List) {
		t.Errorf("%d of %d sessions", len(out.List), out.Count)
	}
	return out.List
}

// confirmed returns the token that in, a confirmation, brings.
func confirmed(t *testing.T, c *client.Client, in map[string]any) (string, error) {
	t.Helper()
	var out struct {
		ConfirmToken string `json:"confirmToken"`
		ExpiresIn    int64  `json:"expiresIn"`
	}
	err := c.Call(ctx(t), http.MethodPost, "/api/auth/confirm", in, &out)
	if err == nil && (out.ConfirmToken == "" || out.ExpiresIn != 300) {
		t.Errorf("confirmed by %+v", out)
	}
	return out.ConfirmToken, err
}

// withToken calls as c with a confirmation.
func withToken(t *testing.T, c *client.Client, confirm, method, path string, in any) error {
	t.Helper()
	body, err := json.Marshal(in)
	must(t, "body", err)
	resp, err := c.Do(ctx(t), method, path, strings.NewReader(string(body)), http.Header{
		"X-Confirm-Token": {confirm}, "Content-Type": {"application/json"},
	})
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	return refusal(resp)
}

// wantClosed fails unless the socket hears the kick data and closes with 4001.
func wantClosed(t *testing.T, s *client.Socket, data string) {
	t.Helper()
	e, err := s.Next(ctx(t), "kick")
	if err != nil || string(e.Data) != data {
		t.Errorf("heard %s, want %s, %v", e.Data, data, err)
	}
	select {
	case <-s.Done():
	case <-ctx(t).Done():
		t.Fatal("the socket stays open")
	}
	if code := client.CloseCode(s.Err()); code != 4001 {
		t.Errorf("the socket closed with %d: %v", code, s.Err())
	}
}

func TestLoginByNameAndById(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann := register(t, s, 0)
		for what, who := range map[string]map[string]any{
			"name": {"userName": ann.Name}, "in capitals": {"userName": strings.ToUpper(ann.Name)}, "id as text": {"userName": fmt.Sprint(ann.UserID)}, "id": {"userId": ann.UserID},
		} {
			who["password"], who["deviceId"], who["platform"], who["deviceName"] = password, "d-"+what[:2], "ios", "Ann's phone"
			got, err := post(t, client.New(s.URLs()[0]), "/api/auth/login", who)
			if err != nil || got.UserID != ann.UserID || got.Role != 2 || got.ExpiresIn <= 0 || got.Kicked == nil {
				t.Errorf("by %s: %+v, %v", what, got, err)
			}
			who["password"] = "wrong horse"
			_, err = post(t, client.New(s.URLs()[0]), "/api/auth/login", who)
			wantCode(t, "by "+what+", wrong", err, 20010)
		}
	})
}

// Row A13, and that the device that changes the password stays.
func TestAChangedPasswordEndsOtherSessions(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob := register(t, s, 0), register(t, s, 1)
		phone := loggedIn(t, ann, "phone")
		onPhone, here := dial(t, phone), dial(t, ann)
		before := photograph(t, s, ann, bob)
		wantCode(t, "a wrong one", setPassword(t, ann, "wrong horse", nextPassword), 20010)
		wantCode(t, "a weak one", setPassword(t, ann, password, "short"), 20002)
		wantCode(t, "the same", setPassword(t, ann, password, password), 10001)
		wantCode(t, "none", ann.Call(ctx(t), http.MethodPut, "/api/auth/password", map[string]any{}, nil), 10001)
		unchanged(t, "refused changes", before, photograph(t, s, ann, bob))

		must(t, "change", setPassword(t, ann, password, nextPassword))
		wantClosed(t, onPhone, `{"reason":"password"}`)
		_, err := phone.Sessions(ctx(t))
		wantCode(t, "the access token", err, 10004)
		wantCode(t, "the refresh token", phone.Refresh(ctx(t)), 20020)
		must(t, "this device", ann.Refresh(ctx(t)))
		if _, err := here.Send(ctx(t), text(ann, "note", "still here")); err != nil {
			t.Errorf("this socket: %v", err)
		}
		wantCode(t, "the old password", phone.Login(ctx(t), ann.Name, password), 20010)
		must(t, "the new one", phone.Login(ctx(t), ann.Name, nextPassword))
		must(t, "bob goes on", bob.Refresh(ctx(t)))
	})
}

func TestSessionsAreListedAndEnded(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, eve := register(t, s, 0), register(t, s, 1)
		phone := elsewhere(ann, "phone-1")
		got, err := post(t, phone, "/api/auth/login", map[string]any{
			"userName": ann.Name, "password": password, "deviceId": phone.Device, "platform": "ios", "deviceName": "Ann's phone",
		})
		must(t, "login", err)
		phone.AccessToken, phone.UserID = got.AccessToken, got.UserID
		phone.Lang = "en"
		list := mySessions(t, phone)
		if len(list) != 2 || list[0].DeviceID != "phone-1" || list[0].Platform != "ios" || list[0].DeviceName != "Ann's phone" || list[0].IP != "127.0.0.1" ||
			list[0].Addr != "local" || !list[0].IsCurrent || list[1].IsCurrent || list[1].DeviceID != ann.Device {
			t.Fatalf("%+v", list)
		}
		now := time.Now().UnixMilli()
		for _, one := range list {
			if one.ID == 0 || one.CreatedAt == 0 || one.LastActiveAt < now-600_000 || one.LastActiveAt > now+60_000 {
				t.Errorf("%+v", one)
			}
		}
		phone.Lang = "zh"
		if list := mySessions(t, phone); list[0].Addr != "本机" {
			t.Errorf("%+v", list)
		}
		end := func(c *client.Client, id any) error {
			return c.Call(ctx(t), http.MethodDelete, fmt.Sprint("/api/auth/sessions/", id), nil, nil)
		}
		before := photograph(t, s, ann, eve)
		wantCode(t, "somebody else's", end(eve, list[0].ID), 10006)
		for id, code := range map[any]int{uint64(1 << 50): 10006, 0: 10006, "x": 10001, -1: 10001, "99999999999999999999": 10001} {
			wantCode(t, fmt.Sprint(id), end(ann, id), code)
		}
		unchanged(t, "what was refused", before, photograph(t, s, ann, eve))

		onAnn := dial(t, ann)
		must(t, "end", end(phone, list[1].ID))
		wantClosed(t, onAnn, `{"reason":"logout","by":{"platform":"ios","deviceName":"Ann's phone"}}`)
		_, err = ann.Sessions(ctx(t))
		wantCode(t, "the ended one", err, 10004)
		wantCode(t, "its refresh", ann.Refresh(ctx(t)), 20020)
		wantCode(t, "again", end(phone, list[1].ID), 10006)
		must(t, "one's own", end(phone, list[0].ID))
		_, err = phone.Sessions(ctx(t))
		wantCode(t, "afterwards", err, 10004)
	})
}

func TestTheOwnerDeletesTheAccount(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob := friends(t, s)
		second := loggedIn(t, ann, "second")
		onBob := dial(t, bob)
		del := func(c *client.Client, confirm string) error {
			return withToken(t, c, confirm, http.MethodDelete, "/api/auth/account", map[string]any{})
		}
		scene := func(c *client.Client, scene, pwd string) (string, error) {
			return confirmed(t, c, map[string]any{"scene": scene, "password": pwd})
		}
		before := photograph(t, s, ann, bob)
		for what, c := range map[string]struct {
			in   map[string]any
			code int
		}{
			"a wrong password":    {map[string]any{"scene": "deleteAccount", "password": "wrong horse"}, 20010},
			"no password":         {map[string]any{"scene": "deleteAccount"}, 10001},
			"an empty password":   {map[string]any{"scene": "deleteAccount", "password": ""}, 10001},
			"no scene":            {map[string]any{"password": password}, 10001},
			"no such scene":       {map[string]any{"scene": "all", "password": password}, 10001},
			"a list for a scene":  {map[string]any{"scene": []string{"deleteAccount"}, "password": password}, 10001},
			"no such provider":    {map[string]any{"scene": "deleteAccount", "flag": "x", "code": "c", "state": "s"}, 20030},
			"a state of nobody":   {map[string]any{"scene": "deleteAccount", "flag": providerName, "code": "c", "state": "s"}, 20031},
			"password and a code": {map[string]any{"scene": "deleteAccount", "password": password, "flag": providerName, "code": "c", "state": "s"}, 10001},
		} {
			_, err := confirmed(t, ann, c.in)
			wantCode(t, what, err, c.code)
		}
		other, err := scene(ann, "setPassword", password)
		must(t, "confirm", err)
		mine, err := scene(ann, "deleteAccount", password)
		must(t, "confirm", err)
		his, err := scene(bob, "deleteAccount", password)
		must(t, "confirm", err)
		for what, confirm := range map[string]string{
			"none": "", "of another scene": other, "somebody else's": his, "the access token": ann.AccessToken, "the refresh token": ann.RefreshToken, "cut": mine[:len(mine)-2],
		} {
			wantCode(t, "with a confirmation that is "+what, del(ann, confirm), 10011)
		}
		wantCode(t, "with that of another session", del(second, mine), 10011)
		_, err = mineAsToken(t, ann, mine)
		wantCode(t, "the confirmation for a token", err, 10002)
		unchanged(t, "what was refused", before, photograph(t, s, ann, bob))

		if _, err := ann.CreateGroup(ctx(t), "team", bob.UserID); err != nil {
			t.Fatal(err)
		}
		wantCode(t, "the owner of a group", del(ann, mine), 20060)
		must(t, "goes on", ann.Refresh(ctx(t)))

		must(t, "delete", del(bob, his))
		wantClosed(t, onBob, `{"reason":"logout"}`)
		_, err = bob.Sessions(ctx(t))
		wantCode(t, "the access token", err, 10004)
		wantCode(t, "login", elsewhere(bob, "x").Login(ctx(t), bob.Name, password), 20010)
		wantCode(t, "the name", elsewhere(bob, "x").Register(ctx(t), bob.Name, password), 20001)

		boss := administrator(t, s)
		confirm, err := scene(boss, "deleteAccount", password)
		must(t, "confirm", err)
		spare := administrator(t, s)
		must(t, "an administrator beside others", del(boss, confirm))
		must(t, "the spare goes on", spare.Refresh(ctx(t)))
	})
}

// mineAsToken asks for something with a confirmation in place of a token.
func mineAsToken(t *testing.T, c *client.Client, confirm string) (client.Sessions, error) {
	t.Helper()
	other := client.New(c.Base)
	other.AccessToken = confirm
	return other.Sessions(ctx(t))
}

// openChoice is a way to log in by a provider.
type openChoice struct{ Name, Title, Icon, Href string }

func openLogins(t *testing.T, c *client.Client, path string) []openChoice {
	t.Helper()
	var out struct {
		List  []openChoice `json:"list"`
		Count int          `json:"count"`
	}
	must(t, path, c.Call(ctx(t), http.MethodGet, path, nil, &out))
	if out.Count != len(out.List) {
		t.Errorf("%d of %d", len(out.List), out.Count)
	}
	return out.List
}

// visit sends who to the provider from c and returns the body of an open login.
func visit(t *testing.T, c *client.Client, who oidc.Person) map[string]any {
	t.Helper()
	list := openLogins(t, c, "/api/auth/open_login?deviceId="+c.Device)
	if len(list) != 1 || list[0].Name != providerName {
		t.Fatalf("%+v", list)
	}
	code, state, err := provider().Visit(list[0].Href, who)
	must(t, "visit", err)
	return map[string]any{"code": code, "state": state, "flag": providerName, "deviceId": c.Device, "platform": "web"}
}

// by logs c in by the provider, as who.
func by(t *testing.T, c *client.Client, who oidc.Person) {
	t.Helper()
	got, err := post(t, c, "/api/auth/open_login", visit(t, c, who))
	must(t, "open login", err)
	c.UserID, c.AccessToken, c.RefreshToken, c.Role = got.UserID, got.AccessToken, got.RefreshToken, got.Role
}

func TestPeopleLogInByAProvider(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		urls := s.URLs()
		who := oidc.Person{Subject: name(t), UserName: name(t), Name: "Ann Lee", Email: "ann@example.com"}
		ann := client.New(urls[0])
		ann.Device = "laptop"
		by(t, ann, who)
		var me struct {
			UserName, Nickname, RegisterSource string
			Role                               int
		}
		must(t, "info", ann.Call(ctx(t), http.MethodGet, "/api/user/user_info", nil, &me))
		if me.UserName != who.UserName || me.Nickname != "Ann Lee" || me.RegisterSource != providerName || me.Role != 2 {
			t.Errorf("%+v", me)
		}
		must(t, "refresh", ann.Refresh(ctx(t)))
		phone := client.New(urls[len(urls)-1])
		phone.Device = "phone"
		by(t, phone, who)
		if phone.UserID != ann.UserID {
			t.Errorf("the second time user %d, the first %d", phone.UserID, ann.UserID)
		}
		other := client.New(urls[0])
		by(t, other, oidc.Person{Subject: name(t), UserName: who.UserName})
		must(t, "info", other.Call(ctx(t), http.MethodGet, "/api/user/user_info", nil, &me))
		if other.UserID == ann.UserID || me.UserName != who.UserName+"-2" {
			t.Errorf("another of that name: %+v", me)
		}

		// The first password is set on the provider's word, by the owner alone.
		wantCode(t, "login without a password", client.New(urls[0]).Login(ctx(t), who.UserName, ""), 20010)
		wantCode(t, "the first one, unconfirmed", setPassword(t, ann, "", nextPassword), 10011)
		in := visit(t, ann, oidc.Person{Subject: name(t)})
		in["scene"] = "setPassword"
		_, err := confirmed(t, ann, in)
		wantCode(t, "confirmed by somebody else", err, 20031)
		in = visit(t, ann, who)
		in["scene"] = "setPassword"
		confirm, err := confirmed(t, ann, in)
		must(t, "confirm", err)
		must(t, "the first one", withToken(t, ann, confirm, http.MethodPut, "/api/auth/password", map[string]any{"newPassword": nextPassword}))
		must(t, "login by it", client.New(urls[0]).Login(ctx(t), who.UserName, nextPassword))
		_, err = phone.Sessions(ctx(t))
		wantCode(t, "the other session", err, 10004)

		in = visit(t, ann, who)
		in["scene"] = "deleteAccount"
		confirm, err = confirmed(t, ann, in)
		must(t, "confirm", err)
		must(t, "delete", withToken(t, ann, confirm, http.MethodDelete, "/api/auth/account", map[string]any{}))
		by(t, ann, who)
		if ann.UserID == phone.UserID {
			t.Error("a deleted account was opened")
		}
	})
}

// Row A23: what is not as it was begun makes no account.
func TestRefusedOpenLogins(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		c := client.New(s.URLs()[0])
		c.Device = "d-1"
		used := visit(t, c, oidc.Person{Subject: name(t), UserName: name(t)})
		if _, err := post(t, c, "/api/auth/open_login", used); err != nil {
			t.Fatal(err)
		}
		before := accounts(t, s)
		for what, tc := range map[string]struct {
			change func(in map[string]any)
			who    oidc.Person
			status int
			code   int
		}{
			"state and code reused":    {func(in map[string]any) { in["state"], in["code"] = used["state"], used["code"] }, oidc.Person{}, 401, 20031},
			"code reused":              {func(in map[string]any) { in["code"] = used["code"] }, oidc.Person{}, 401, 20031},
			"no state":                 {func(in map[string]any) { delete(in, "state") }, oidc.Person{}, 400, 10001},
			"an empty state":           {func(in map[string]any) { in["state"] = "" }, oidc.Person{}, 401, 20031},
			"a state of nobody":        {func(in map[string]any) { in["state"] = "x" }, oidc.Person{}, 401, 20031},
			"an endless state":         {func(in map[string]any) { in["state"] = strings.Repeat("x", 100_000) }, oidc.Person{}, 401, 20031},
			"no code":                  {func(in map[string]any) { delete(in, "code") }, oidc.Person{}, 400, 10001},
			"a wrong code":             {func(in map[string]any) { in["code"] = "x" }, oidc.Person{}, 401, 20031},
			"no such provider":         {func(in map[string]any) { in["flag"] = "qq" }, oidc.Person{}, 400, 20030},
			"the way of a password":    {func(in map[string]any) { in["flag"] = "password" }, oidc.Person{}, 400, 20030},
			"another device":           {func(in map[string]any) { in["deviceId"] = "d-2" }, oidc.Person{}, 401, 20031},
			"no device":                {func(in map[string]any) { delete(in, "deviceId") }, oidc.Person{}, 400, 10001},
			"objects":                  {func(in map[string]any) { in["code"] = map[string]any{"$ne": ""} }, oidc.Person{}, 400, 10001},
			"a forged token":           {func(map[string]any) {}, oidc.Person{Subject: name(t), Forged: true}, 401, 20031},
			"a redirect to elsewhere":  {func(in map[string]any) { in["redirectUrl"] = "https://evil.example"; in["code"] = "x" }, oidc.Person{}, 401, 20031},
			"an account of no subject": {func(map[string]any) {}, oidc.Person{}, 401, 20031},
		} {
			in := visit(t, c, tc.who)
			tc.change(in)
			_, err := post(t, c, "/api/auth/open_login", in)
			wantCode(t, what, err, tc.code)
			wantStatus(t, what, err, tc.status)
		}
		if after := accounts(t, s); !slices.Equal(before, after) {
			t.Errorf("accounts of the provider: %v, before %v", after, before)
		}
	})
}

// accounts are the ids the provider's people have in this test.
func accounts(t *testing.T, s *suite.Suite) (subjects []string) {
	t.Helper()
	first, _, _ := strings.Cut(name(t), ".")
	if err := open(t, s).Table("open_id_models").Where("subject LIKE ?", first+".%").Order("subject").Pluck("subject", &subjects).Error; err != nil {
		t.Fatal(err)
	}
	return subjects
}

func wantStatus(t *testing.T, what string, err error, status int) {
	t.Helper()
	if e, ok := err.(*client.Error); !ok || e.HTTP != status { //nolint:errorlint // it is what Call returns
		t.Errorf("%s: %v, want HTTP %d", what, err, status)
	}
}

func TestOpenLoginsAreToldTwice(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		c := client.New(s.URLs()[0])
		for _, path := range []string{"/api/auth/open_login", "/api/settings/open_login"} {
			got := openLogins(t, c, path+"?deviceId=d1")
			if len(got) != 1 || got[0].Name != providerName || got[0].Icon == "" || !strings.HasPrefix(got[0].Href, provider().URL) || strings.Contains(got[0].Href, oidc.ClientSecret) {
				t.Errorf("%s: %+v", path, got)
			}
			if got := openLogins(t, c, path); len(got) != 1 || got[0].Href != "" {
				t.Errorf("%s without a device: %+v", path, got)
			}
			wantCode(t, path, c.Call(ctx(t), http.MethodGet, path+"?deviceId=d%201", nil, nil), 10001)
		}
		var info struct {
			LoginMethods []string `json:"loginMethods"`
		}
		must(t, "settings", c.Call(ctx(t), http.MethodGet, "/api/settings/info", nil, &info))
		if !slices.Equal(info.LoginMethods, []string{"password", providerName}) {
			t.Errorf("%q", info.LoginMethods)
		}
	})
}

// A closed site admits who has its code, and nobody by a provider.
func TestAnInviteCodeOpensAClosedSite(t *testing.T) {
	alone(t, 1, func(t *testing.T, s *suite.Suite) {
		boss := administrator(t, s)
		must(t, "close", boss.Call(ctx(t), http.MethodPut, "/api/settings/admin/info", map[string]any{"registerOpen": false, "inviteCode": "let-me-in"}, nil))
		try := func(code string) error {
			_, err := post(t, client.New(s.URLs()[0]), "/api/auth/register", map[string]any{
				"userName": name(t), "password": password, "deviceId": "d", "platform": "web", "inviteCode": code,
			})
			return err
		}
		eventually(t, "it is closed", func(context.Context) error {
			if err := try(""); client.Code(err) != 20003 {
				return fmt.Errorf("answered %d", client.Code(err))
			}
			return nil
		})
		wantCode(t, "a wrong code", try("let-me-iN"), 20003)
		must(t, "the code", try("let-me-in"))
		c := client.New(s.URLs()[0])
		_, err := post(t, c, "/api/auth/open_login", visit(t, c, oidc.Person{Subject: name(t)}))
		wantCode(t, "by a provider", err, 20003)
	})
}

// What only the suite may ask is not there for anybody else, through the
// gateway or past it.
func TestAuthenticationIsInside(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, boss := register(t, s, 0), administrator(t, s)
		for _, method := range []string{http.MethodPost, http.MethodGet, http.MethodPut} {
			wantCode(t, method, ann.Call(ctx(t), method, "/api/auth/authentication", nil, nil), 10006)
			wantCode(t, method+" by nobody", client.New(ann.Base).Call(ctx(t), method, "/api/auth/authentication", nil, nil), 10006)
		}
		if s.Mode != suite.Many {
			return // the half's own address is not known
		}
		key := token.Key(secretOf(t, s, "internal.secret"), "identity")
		ask := func(as token.Identity, key []byte, access, path string) (int, opened) {
			t.Helper()
			req, err := http.NewRequestWithContext(ctx(t), http.MethodPost, s.Half("auth_api")[0].URL()+"/api/auth/authentication", nil)
			must(t, "request", err)
			as.Sign(req.Header, key, req.Method, req.URL.Path)
			req.Header.Set("Token", access)
			req.Header.Set("ValidPath", path)
			resp, err := http.DefaultClient.Do(req)
			must(t, "ask", err)
			defer resp.Body.Close()
			var env struct {
				Code int
				Data opened
			}
			must(t, "answer", json.NewDecoder(resp.Body).Decode(&env))
			return env.Code, env.Data
		}
		for what, c := range map[string]struct {
			as           token.Identity
			key          []byte
			access, path string
			code         int
			user         uint64
		}{
			"a user":              {token.Identity{}, key, ann.AccessToken, "/api/user/user_info", 0, ann.UserID},
			"a user below admin":  {token.Identity{}, key, ann.AccessToken, "/api/user/admin/users", 10005, 0},
			"an administrator":    {token.Identity{}, key, boss.AccessToken, "/api/user/admin/users", 0, boss.UserID},
			"no token":            {token.Identity{}, key, "x", "/api/user/user_info", 10002, 0},
			"for a user":          {token.Identity{UserID: ann.UserID}, key, ann.AccessToken, "/api/user/user_info", 10005, 0},
			"signed by who knows": {token.Identity{}, []byte("x"), ann.AccessToken, "/api/user/user_info", 10002, 0},
		} {
			if code, got := ask(c.as, c.key, c.access, c.path); code != c.code || got.UserID != c.user {
				t.Errorf("%s: %d %+v, want %d", what, code, got, c.code)
			}
		}
		must(t, "logout", ann.Logout(ctx(t), false))
		if code, _ := ask(token.Identity{}, key, ann.AccessToken, "/api/user/user_info"); code != 10004 {
			t.Errorf("logged out: %d", code)
		}
	})
}

// secretOf is a secret of the suite.
func secretOf(t *testing.T, s *suite.Suite, file string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(s.Dir, "data", file))
	must(t, file, err)
	return []byte(strings.TrimSpace(string(b)))
}
