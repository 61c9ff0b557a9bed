package handler

import (
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/zeromicro/go-zero/core/logx"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"tudoIM/common/errs"
	"tudoIM/common/response"
	"tudoIM/common/token"
	"tudoIM/tudoIM_auth/auth_api/internal/svc"
	"tudoIM/tudoIM_auth/auth_rpc/auth"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
)

func TestMain(m *testing.M) {
	logx.Disable()
	os.Exit(m.Run())
}

// rpc is an auth_rpc that takes everything and keeps it; fail answers in its place.
type rpc struct {
	auth.Auth
	mu    sync.Mutex
	calls []proto.Message
	fail  error
}

var pair = &auth_rpc.Tokens{UserId: 1, Role: 2, SessionId: 9, AccessToken: "access", RefreshToken: "refresh", ExpiresIn: 3600}

func (r *rpc) take(in proto.Message) (*auth_rpc.Tokens, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls = append(r.calls, in)
	if r.fail != nil {
		return nil, r.fail
	}
	return pair, nil
}

func (r *rpc) Register(_ context.Context, in *auth_rpc.RegisterRequest, _ ...grpc.CallOption) (*auth_rpc.Tokens, error) {
	return r.take(in)
}

func (r *rpc) Login(_ context.Context, in *auth_rpc.LoginRequest, _ ...grpc.CallOption) (*auth_rpc.Tokens, error) {
	t, err := r.take(in)
	if err == nil && in.UserName == "ann" {
		t = proto.CloneOf(t)
		t.Kicked = []*auth_rpc.Kicked{{DeviceId: "d0", Platform: "web", DeviceName: "Opera"}}
	}
	return t, err
}

func (r *rpc) Refresh(_ context.Context, in *auth_rpc.RefreshRequest, _ ...grpc.CallOption) (*auth_rpc.Tokens, error) {
	return r.take(in)
}

func (r *rpc) Logout(_ context.Context, in *auth_rpc.LogoutRequest, _ ...grpc.CallOption) (*auth_rpc.LogoutResponse, error) {
	_, err := r.take(in)
	return &auth_rpc.LogoutResponse{}, err
}

func (r *rpc) Sessions(_ context.Context, in *auth_rpc.SessionsRequest, _ ...grpc.CallOption) (*auth_rpc.SessionsResponse, error) {
	_, err := r.take(in)
	return &auth_rpc.SessionsResponse{List: []*auth_rpc.Session{
		{Id: 3, DeviceId: "d1", Platform: "web", DeviceName: "Firefox", Ip: "127.0.0.1", CreatedAt: 1, LastActiveAt: 2},
		{Id: 4, DeviceId: "d2", Platform: "ios", Ip: "8.8.8.8", CreatedAt: 3, LastActiveAt: 4},
	}}, err
}

func (r *rpc) EndSession(_ context.Context, in *auth_rpc.EndSessionRequest, _ ...grpc.CallOption) (*auth_rpc.EndSessionResponse, error) {
	_, err := r.take(in)
	return &auth_rpc.EndSessionResponse{}, err
}

func (r *rpc) SetPassword(_ context.Context, in *auth_rpc.SetPasswordRequest, _ ...grpc.CallOption) (*auth_rpc.SetPasswordResponse, error) {
	_, err := r.take(in)
	return &auth_rpc.SetPasswordResponse{}, err
}

func (r *rpc) Confirm(_ context.Context, in *auth_rpc.ConfirmRequest, _ ...grpc.CallOption) (*auth_rpc.ConfirmResponse, error) {
	_, err := r.take(in)
	return &auth_rpc.ConfirmResponse{ConfirmToken: "token", ExpiresIn: 300}, err
}

func (r *rpc) DeleteAccount(_ context.Context, in *auth_rpc.DeleteAccountRequest, _ ...grpc.CallOption) (*auth_rpc.DeleteAccountResponse, error) {
	_, err := r.take(in)
	return &auth_rpc.DeleteAccountResponse{}, err
}

func (r *rpc) OpenLogin(_ context.Context, in *auth_rpc.OpenLoginRequest, _ ...grpc.CallOption) (*auth_rpc.Tokens, error) {
	return r.take(in)
}

func (r *rpc) OpenLogins(_ context.Context, in *auth_rpc.OpenLoginsRequest, _ ...grpc.CallOption) (*auth_rpc.OpenLoginsResponse, error) {
	_, err := r.take(in)
	return &auth_rpc.OpenLoginsResponse{List: []*auth_rpc.OpenLogin{{Name: "n", Title: "t", Icon: "i", Href: "h"}}}, err
}

func (r *rpc) Authenticate(_ context.Context, in *auth_rpc.AuthenticateRequest, _ ...grpc.CallOption) (*auth_rpc.AuthenticateResponse, error) {
	_, err := r.take(in)
	return &auth_rpc.AuthenticateResponse{UserId: 1, Role: 2, SessionId: 9}, err
}

// request is a POST of body as JSON from the user 7 on session 3.
func request(t *testing.T, body io.Reader) *http.Request {
	t.Helper()
	id := token.Identity{UserID: 7, SessionID: 3, DeviceID: "other", ClientIP: "192.0.2.1", RequestID: "r1"}
	r := httptest.NewRequestWithContext(token.With(t.Context(), id), http.MethodPost, "/", body)
	r.Header.Set("Content-Type", "application/json")
	return r
}

// envelope is an answer; Data and Code tell what is absent.
type envelope struct {
	status int
	keys   []string
	Code   *int            `json:"code"`
	Msg    *string         `json:"msg"`
	Data   json.RawMessage `json:"data"`
}

// call has h answer r, in the one shape that there is.
func call(t *testing.T, h http.HandlerFunc, r *http.Request) envelope {
	t.Helper()
	w := httptest.NewRecorder()
	h(w, r)
	env := envelope{status: w.Code}
	all := map[string]json.RawMessage{}
	for _, v := range []any{&env, &all} {
		if err := json.Unmarshal(w.Body.Bytes(), v); err != nil {
			t.Fatalf("%q is no envelope: %v", w.Body, err)
		}
	}
	env.keys = slices.Sorted(maps.Keys(all))
	if !slices.Equal(env.keys, []string{"code", "data", "msg", "requestId"}) || env.Code == nil || env.Msg == nil || string(all["requestId"]) != `"r1"` {
		t.Errorf("%s is no envelope", w.Body)
	}
	if got := w.Header().Get("Content-Type"); got != "application/json; charset=utf-8" {
		t.Errorf("Content-Type %q", got)
	}
	return env
}

const (
	registerBody = `{"userName":"ann","password":"correct horse","nickname":"Ann","deviceId":"d1","platform":"web","deviceName":"Firefox"}`
	loginBody    = `{"userName":"ann","password":"correct horse","deviceId":"d1","platform":"web","deviceName":"Firefox"}`
	refreshBody  = `{"refreshToken":"token","deviceId":"d1"}`
	openBody     = `{"code":"c","flag":"f","state":"s","deviceId":"d1","platform":"web","deviceName":"Firefox"}`
	passwordBody = `{"oldPassword":"correct horse","newPassword":"another horse"}`
	confirmBody  = `{"scene":"deleteAccount","password":"correct horse"}`
)

func TestShapes(t *testing.T) {
	t.Parallel()
	const tokens = `{"userId":1,"role":2,"accessToken":"access","refreshToken":"refresh","expiresIn":3600}`
	noneEnded := strings.TrimSuffix(tokens, "}") + `,"kicked":[]}`
	oneEnded := strings.TrimSuffix(tokens, "}") + `,"kicked":[{"deviceId":"d0","platform":"web","deviceName":"Opera"}]}`
	device := &auth_rpc.Device{Id: "d1", Platform: "web", Name: "Firefox", Ip: "192.0.2.1"}
	short := &auth_rpc.Device{Id: "d1", Platform: "web", Ip: "192.0.2.1"}
	me := &auth_rpc.Caller{UserId: 7, SessionId: 3, DeviceId: "other", Ip: "192.0.2.1"}
	for _, c := range []struct {
		name    string
		handler func(*svc.ServiceContext) http.HandlerFunc
		body    string
		asked   proto.Message
		data    string
	}{
		{"register", registerHandler, registerBody,
			&auth_rpc.RegisterRequest{UserName: "ann", Password: "correct horse", Nickname: "Ann", Device: device}, tokens},
		{"register as in the contract", registerHandler, `{"userName":"ann","password":"...","nickname":"Ann","deviceId":"d1","platform":"web"}`,
			&auth_rpc.RegisterRequest{UserName: "ann", Password: "...", Nickname: "Ann", Device: short}, tokens},
		{"register without what is optional", registerHandler, `{"userName":"ann","password":"p","deviceId":"d1","platform":"web"}`,
			&auth_rpc.RegisterRequest{UserName: "ann", Password: "p", Device: short}, tokens},
		{"register, asking for more", registerHandler,
			`{"userName":"ann","password":"p","deviceId":"d1","platform":"web","role":1,"id":1,"userId":1,"isAdmin":true,"deletedAt":1,"ip":"10.0.0.1"}`,
			&auth_rpc.RegisterRequest{UserName: "ann", Password: "p", Device: short}, tokens},
		{"login", loginHandler, loginBody,
			&auth_rpc.LoginRequest{UserName: "ann", Password: "correct horse", Device: device}, oneEnded},
		{"login with text for machines", loginHandler, `{"userName":"' OR 1=1 -- ","password":"\u0000%_😀","deviceId":"d1","platform":"web"}`,
			&auth_rpc.LoginRequest{UserName: "' OR 1=1 -- ", Password: "\x00%_😀", Device: short}, noneEnded},
		{"register with an invite code", registerHandler, `{"userName":"ann","password":"p","avatar":"","inviteCode":"let-me-in","deviceId":"d1","platform":"web"}`,
			&auth_rpc.RegisterRequest{UserName: "ann", Password: "p", InviteCode: "let-me-in", Device: short}, tokens},
		{"login by id", loginHandler, `{"userId":7,"password":"p","deviceId":"d1","platform":"web"}`,
			&auth_rpc.LoginRequest{UserName: "7", Password: "p", Device: short}, noneEnded},
		{"open login", openLoginHandler, openBody,
			&auth_rpc.OpenLoginRequest{Grant: &auth_rpc.OpenGrant{Code: "c", Flag: "f", State: "s"}, Device: device}, noneEnded},
		{"password", passwordHandler, passwordBody, &auth_rpc.SetPasswordRequest{Caller: me, OldPassword: "correct horse", NewPassword: "another horse"}, "null"},
		{"password of somebody else", passwordHandler, `{"userId":1,"oldPassword":"o","newPassword":"n"}`,
			&auth_rpc.SetPasswordRequest{Caller: me, OldPassword: "o", NewPassword: "n"}, "null"},
		{"confirm", confirmHandler, confirmBody, &auth_rpc.ConfirmRequest{Caller: me, Scene: "deleteAccount", Password: "correct horse"},
			`{"confirmToken":"token","expiresIn":300}`},
		{"confirm by a provider", confirmHandler, `{"scene":"setPassword","flag":"f","code":"c","state":"s"}`,
			&auth_rpc.ConfirmRequest{Caller: me, Scene: "setPassword", Grant: &auth_rpc.OpenGrant{Code: "c", Flag: "f", State: "s"}},
			`{"confirmToken":"token","expiresIn":300}`},
		{"account", accountHandler, "", &auth_rpc.DeleteAccountRequest{Caller: me}, "null"},
		{"sessions", sessionsHandler, "", &auth_rpc.SessionsRequest{UserId: 7},
			`{"list":[{"id":3,"deviceId":"d1","platform":"web","deviceName":"Firefox","ip":"127.0.0.1","addr":"local","createdAt":1,"lastActiveAt":2,"isCurrent":true},` +
				`{"id":4,"deviceId":"d2","platform":"ios","deviceName":"","ip":"8.8.8.8","addr":"","createdAt":3,"lastActiveAt":4,"isCurrent":false}],"count":2}`},
		{"open logins", openLoginsHandler, "", &auth_rpc.OpenLoginsRequest{}, `{"list":[{"name":"n","title":"t","icon":"i","href":"h"}],"count":1}`},
		{"refresh", refreshHandler, refreshBody,
			&auth_rpc.RefreshRequest{RefreshToken: "token", DeviceId: "d1"}, tokens},
		{"logout", logoutHandler, "", &auth_rpc.LogoutRequest{UserId: 7, SessionId: 3}, "null"},
		{"logout with an empty body", logoutHandler, "{}", &auth_rpc.LogoutRequest{UserId: 7, SessionId: 3}, "null"},
		{"logout of all", logoutHandler, `{"all":true}`, &auth_rpc.LogoutRequest{UserId: 7, SessionId: 3, All: true}, "null"},
		{"logout of somebody else", logoutHandler, `{"userId":1,"sessionId":1,"all":false}`, &auth_rpc.LogoutRequest{UserId: 7, SessionId: 3}, "null"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := &rpc{}
			env := call(t, c.handler(&svc.ServiceContext{Auth: r}), request(t, strings.NewReader(c.body)))
			if env.status != 200 || *env.Code != 0 || *env.Msg != "" || string(env.Data) != c.data {
				t.Errorf("%d, code %d, msg %q, data %s", env.status, *env.Code, *env.Msg, env.Data)
			}
			if len(r.calls) != 1 || !proto.Equal(r.calls[0], c.asked) {
				t.Errorf("asked %v, want %v", r.calls, c.asked)
			}
		})
	}
}

// without returns body, an object, without key.
func without(t *testing.T, body, key string) string {
	t.Helper()
	return set(t, body, key, nil)
}

// set returns body, an object, with value for key; nil removes it.
func set(t *testing.T, body, key string, value any) string {
	t.Helper()
	m := map[string]any{}
	if err := json.Unmarshal([]byte(body), &m); err != nil {
		t.Fatal(err)
	}
	if m[key] = value; value == nil {
		delete(m, key)
	}
	b, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// routes are those of the half, with a body that each takes and its fields
// that must be there.
var routes = map[string]struct {
	handler func(*svc.ServiceContext) http.HandlerFunc
	body    string
	needs   []string
}{
	"register": {registerHandler, registerBody, []string{"userName", "password", "deviceId", "platform"}},
	"login":    {loginHandler, loginBody, []string{"userName", "password", "deviceId", "platform"}},
	"open":     {openLoginHandler, openBody, []string{"code", "flag", "state", "deviceId", "platform"}},
	"password": {passwordHandler, passwordBody, []string{"newPassword"}},
	"confirm":  {confirmHandler, confirmBody, []string{"scene"}},
	"refresh":  {refreshHandler, refreshBody, []string{"refreshToken", "deviceId"}},
	"logout":   {logoutHandler, `{"all":true}`, nil},
}

func TestBadBodiesAskNobody(t *testing.T) {
	t.Parallel()
	type try struct {
		body, media, encoding string
		chunked               bool
		want                  *errs.Error
	}
	pad := func(body string, size int) string {
		return strings.TrimSuffix(body, "}") + `,"pad":"` + strings.Repeat("x", size-len(body)-len(`,"pad":""`)) + `"}`
	}
	for name, route := range routes {
		const plain = "application/json"
		body := route.body
		deep := func(n int) string {
			return strings.TrimSuffix(body, "}") + `,"deep":` + strings.Repeat("[", n) + strings.Repeat("]", n) + "}"
		}
		lists := body
		for _, key := range []string{"deviceId", "all", "newPassword", "scene"} {
			lists = set(t, lists, key, []int{1})
		}
		tries := map[string]try{
			"as it should be":        {body, plain, "", false, nil},
			"with a charset":         {body, plain + "; charset=utf-8", "", false, nil},
			"of unknown length":      {body, plain, "", true, nil},
			"unknown field":          {set(t, body, "surprise", 1), plain, "", false, nil}, // for clients newer than the server
			"cut":                    {body[:len(body)-1], plain, "", false, errs.Bad},
			"two values":             {body + body, plain, "", false, errs.Bad},
			"a field twice":          {strings.TrimSuffix(body, "}") + `,"deviceId":"a","deviceId":"b"}`, plain, "", false, errs.Bad},
			"an array":               {"[" + body + "]", plain, "", false, errs.Bad},
			"a text":                 {`"text"`, plain, "", false, errs.Bad},
			"a form":                 {"userName=ann&password=correct+horse", plain, "", false, errs.Bad},
			"no UTF-8":               {strings.TrimSuffix(body, "}") + ",\"x\":\"\xff\"}", plain, "", false, errs.Bad},
			"at the size limit":      {pad(body, response.MaxBody), plain, "", false, nil},
			"past the size limit":    {pad(body, response.MaxBody+1), plain, "", false, errs.TooLarge},
			"too large, in chunks":   {pad(body, response.MaxBody+1), plain, "", true, errs.TooLarge},
			"1 MiB":                  {pad(body, 1<<20), plain, "", false, errs.TooLarge},
			"at the depth limit":     {deep(31), plain, "", false, nil},
			"past the depth limit":   {deep(32), plain, "", false, errs.Bad},
			"far too deep":           {deep(100_000), plain, "", false, errs.Bad},
			"sent as a form":         {body, "application/x-www-form-urlencoded", "", false, errs.BadType},
			"sent as multipart":      {body, "multipart/form-data; boundary=x", "", false, errs.BadType},
			"sent as text":           {body, "text/plain", "", false, errs.BadType},
			"sent as nothing":        {body, "", "", false, errs.BadType},
			"said to be compressed":  {body, plain, "gzip", false, errs.BadType},
			"list for a text or bit": {lists, plain, "", false, errs.Bad},
		}
		for _, key := range route.needs {
			tries["without "+key] = try{without(t, body, key), plain, "", false, errs.Bad}
			for what, v := range map[string]any{"number": 1, "bit": true, "list": []string{"a"}, "object": map[string]string{"$ne": ""}} {
				tries[what+" for "+key] = try{set(t, body, key, v), plain, "", false, errs.Bad}
			}
			tries["null for "+key] = try{set(t, body, key, json.RawMessage("null")), plain, "", false, errs.Bad}
		}
		if len(route.needs) > 0 {
			tries["empty"] = try{"", plain, "", false, errs.Bad}
			tries["null"] = try{"null", plain, "", false, errs.Bad}
			tries["an empty object"] = try{"{}", plain, "", false, errs.Bad}
		}
		for what, c := range tries {
			t.Run(name+", "+what, func(t *testing.T) {
				t.Parallel()
				var reader io.Reader = strings.NewReader(c.body)
				if c.chunked {
					reader = io.MultiReader(reader) // hides the length
				}
				r, req := &rpc{}, request(t, reader)
				req.Header.Set("Content-Type", c.media)
				if c.encoding != "" {
					req.Header.Set("Content-Encoding", c.encoding)
				}
				env := call(t, route.handler(&svc.ServiceContext{Auth: r}), req)
				status, code, calls := 200, 0, 1
				if c.want != nil {
					status, code, calls = c.want.Status, c.want.Code, 0
				}
				if env.status != status || *env.Code != code || len(r.calls) != calls {
					t.Errorf("%d %d, %d calls, want %d %d", env.status, *env.Code, len(r.calls), status, code)
				}
			})
		}
	}
}

func TestRefusalsPassThrough(t *testing.T) {
	t.Parallel()
	for name, route := range routes {
		for _, e := range []*errs.Error{
			errs.NameTaken, errs.WeakPassword, errs.RegisterClosed, errs.BadName, errs.BadCredentials, errs.Disabled,
			errs.RefreshExpired, errs.RefreshReused, errs.Unavailable, errs.BadArgument("deviceId"),
		} {
			for lang, err := range map[string]error{"zh": e, "en": e.GRPC()} {
				req := request(t, strings.NewReader(route.body))
				req.Header.Set("Accept-Language", lang)
				env := call(t, route.handler(&svc.ServiceContext{Auth: &rpc{fail: err}}), req)
				data := "null"
				if len(e.Data) > 0 {
					data = `{"field":"deviceId"}`
				}
				if env.status != e.Status || *env.Code != e.Code || *env.Msg != e.Text(lang) || string(env.Data) != data {
					t.Errorf("%s, %d in %s: %d %d %q %s", name, e.Code, lang, env.status, *env.Code, *env.Msg, env.Data)
				}
			}
		}
		env := call(t, route.handler(&svc.ServiceContext{Auth: &rpc{fail: io.ErrUnexpectedEOF}}), request(t, strings.NewReader(route.body)))
		if env.status != 500 || *env.Code != 10500 || strings.Contains(*env.Msg, "EOF") || string(env.Data) != "null" {
			t.Errorf("%s, an unknown error: %d %d %q", name, env.status, *env.Code, *env.Msg)
		}
	}
}

// as is request by id with headers.
func as(t *testing.T, id token.Identity, headers ...string) *http.Request {
	t.Helper()
	r := httptest.NewRequestWithContext(token.With(t.Context(), id), http.MethodPost, "/", http.NoBody)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return r
}

// Who is signed for as a user comes from outside: what is for the suite alone
// refuses him, whatever token he has.
func TestAuthenticationIsForTheSuiteAlone(t *testing.T) {
	t.Parallel()
	nobody, user := token.Identity{RequestID: "r1"}, token.Identity{UserID: 7, Role: 1, RequestID: "r1"}
	for what, c := range map[string]struct {
		id      token.Identity
		headers []string
		status  int
		data    string
	}{
		"as it should be": {nobody, []string{"Token", "t", "ValidPath", "/api/user/x"}, 200, `{"userId":1,"role":2,"sessionId":9}`},
		"by a user":       {user, []string{"Token", "t", "ValidPath", "/api/user/x"}, 403, "null"},
		"without a token": {nobody, []string{"ValidPath", "/api/user/x"}, 400, "null"},
		"without a path":  {nobody, []string{"Token", "t"}, 400, "null"},
	} {
		r := &rpc{}
		env := call(t, authenticationHandler(&svc.ServiceContext{Auth: r}), as(t, c.id, c.headers...))
		if env.status != c.status || string(env.Data) != c.data || (len(r.calls) == 1) != (c.status == 200) {
			t.Errorf("%s: %d %s, asked %v", what, env.status, env.Data, r.calls)
		}
		if c.status == 200 && !proto.Equal(r.calls[0], &auth_rpc.AuthenticateRequest{AccessToken: "t", Path: "/api/user/x"}) {
			t.Errorf("%s: asked %v", what, r.calls)
		}
	}
}

func TestTheConfirmationIsAHeader(t *testing.T) {
	t.Parallel()
	r := &rpc{}
	for _, h := range []func(*svc.ServiceContext) http.HandlerFunc{accountHandler, passwordHandler} {
		req := request(t, strings.NewReader(passwordBody))
		req.Header.Set("X-Confirm-Token", "token")
		call(t, h(&svc.ServiceContext{Auth: r}), req)
	}
	if len(r.calls) != 2 || r.calls[0].(*auth_rpc.DeleteAccountRequest).ConfirmToken != "token" || r.calls[1].(*auth_rpc.SetPasswordRequest).ConfirmToken != "token" {
		t.Errorf("asked %v", r.calls)
	}
}

func TestRefusedBeforeAnybodyIsAsked(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		handler func(*svc.ServiceContext) http.HandlerFunc
		body    string
		want    *errs.Error
	}{
		"an avatar before there is an account": {registerHandler, set(t, registerBody, "avatar", "/api/file/x"), errs.AvatarNotMine},
		"neither name nor id":                  {loginHandler, without(t, loginBody, "userName"), errs.Bad},
		"both name and id":                     {loginHandler, set(t, loginBody, "userId", 7), errs.Bad},
		"an id below none":                     {loginHandler, set(t, without(t, loginBody, "userName"), "userId", -1), errs.Bad},
		"an id that is a text":                 {loginHandler, set(t, without(t, loginBody, "userName"), "userId", "x"), errs.Bad},
		"an id past all":                       {loginHandler, set(t, without(t, loginBody, "userName"), "userId", json.Number("18446744073709551616")), errs.Bad},
	} {
		r := &rpc{}
		env := call(t, c.handler(&svc.ServiceContext{Auth: r}), request(t, strings.NewReader(c.body)))
		if env.status != c.want.Status || *env.Code != c.want.Code || len(r.calls) > 0 {
			t.Errorf("%s: %d %d, asked %v", what, env.status, *env.Code, r.calls)
		}
	}
}
