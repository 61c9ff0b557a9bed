package token

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v4"

	"tudoIM/common/errs"
)

var (
	secret = []byte(strings.Repeat("s", 32))
	now    = time.Unix(1_700_000_000, 0)
	ann    = Identity{UserID: 7, Role: 2, SessionID: 9, DeviceID: "phone-1", Platform: "ios", ExpiresAt: 1_700_003_600, ClientIP: "192.0.2.1", RequestID: "r1"}
)

// request carries ann's identity as the gateway signs it.
func request(key []byte) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/api/chat/send?x=1", nil)
	ann.Sign(r.Header, key, r.Method, r.URL.Path)
	return r
}

func TestASignedIdentityArrivesWhole(t *testing.T) {
	t.Parallel()
	key := Key(secret, "identity")
	for _, i := range []Identity{ann, {}, {RequestID: "r2", ClientIP: "2001:db8::1"}, {UserID: 1<<64 - 1, SessionID: 1<<64 - 1, Role: -1, ExpiresAt: -1}} {
		r := httptest.NewRequest(http.MethodGet, "/api/x/%20y", nil)
		i.Sign(r.Header, key, r.Method, r.URL.Path)
		if got, err := Verify(r, key); err != nil || got != i {
			t.Errorf("%+v arrived as %+v, %v", i, got, err)
		}
	}
}

func TestAnyChangeOfASignedRequestIsRefused(t *testing.T) {
	t.Parallel()
	key := Key(secret, "identity")
	headers := map[string]string{
		headerUser: "8", headerRole: "1", headerSession: "10", headerDevice: "phone-2", headerPlatform: "web",
		headerExpires: "1700003601", headerClientIP: "192.0.2.2", headerRequest: "r2", headerSignature: strings.Repeat("0", 64),
	}
	changes := map[string]func(r *http.Request){
		"another method": func(r *http.Request) { r.Method = http.MethodGet },
		"another path":   func(r *http.Request) { r.URL.Path = "/api/chat/recall" },
		"a longer path":  func(r *http.Request) { r.URL.Path += "/" },
		"neighbours that share a letter": func(r *http.Request) {
			r.Header.Set(headerDevice, "phone-1i")
			r.Header.Set(headerPlatform, "os")
		},
		"half a signature":    func(r *http.Request) { r.Header.Set(headerSignature, r.Header.Get(headerSignature)[:32]) },
		"an odd signature":    func(r *http.Request) { r.Header.Set(headerSignature, r.Header.Get(headerSignature)[:63]) },
		"a signature of text": func(r *http.Request) { r.Header.Set(headerSignature, strings.Repeat("z", 64)) },
		"a longer signature":  func(r *http.Request) { r.Header.Set(headerSignature, r.Header.Get(headerSignature)+"00") },
		"no user":             func(r *http.Request) { r.Header.Set(headerUser, "") },
		"a negative user":     func(r *http.Request) { r.Header.Set(headerUser, "-7") },
		"a user too large":    func(r *http.Request) { r.Header.Set(headerUser, "18446744073709551616") },
		"an end of text":      func(r *http.Request) { r.Header.Set(headerExpires, "never") },
		"a role of text":      func(r *http.Request) { r.Header.Set(headerRole, "admin") },
		"all headers gone":    func(r *http.Request) { r.Header = http.Header{} },
		"another user before": func(r *http.Request) { r.Header[headerUser] = []string{"8", "7"} },
		"the empty signature": func(r *http.Request) { r.Header.Set(headerSignature, "") },
	}
	for name, value := range headers {
		changes["another "+name] = func(r *http.Request) { r.Header.Set(name, value) }
		changes["no "+name] = func(r *http.Request) { r.Header.Del(name) }
	}
	for name, change := range changes {
		r := request(key)
		if _, err := Verify(r, key); err != nil {
			t.Fatalf("unchanged: %v", err)
		}
		change(r)
		if i, err := Verify(r, key); !errors.Is(err, errs.Unauthorized) || i != (Identity{}) {
			t.Errorf("%s: taken as %+v, %v", name, i, err)
		}
	}
	for name, other := range map[string][]byte{
		"the secret itself": secret, "for another purpose": Key(secret, "rpc"), "of another secret": Key([]byte(strings.Repeat("t", 32)), "identity"), "none": nil,
	} {
		if _, err := Verify(request(other), key); !errors.Is(err, errs.Unauthorized) {
			t.Errorf("signed with the key %s: %v", name, err)
		}
	}
}

func TestMiddlewareAdmitsOnlySigned(t *testing.T) {
	t.Parallel()
	key := Key(secret, "identity")
	var got Identity
	called, refused := 0, 0
	h := Middleware(key, func(w http.ResponseWriter, r *http.Request, err error) {
		refused++
		if From(r.Context()) != (Identity{}) {
			t.Error("the refused request has an identity")
		}
		if RequestID(r) != "r1" {
			t.Errorf("request id %q", RequestID(r))
		}
	})(func(_ http.ResponseWriter, r *http.Request) {
		called++
		got = From(r.Context())
		if RequestID(r) != "r1" {
			t.Errorf("request id %q", RequestID(r))
		}
	})
	english := request(key)
	english.Header.Set("Accept-Language", "en-GB, zh;q=0.5")
	h(httptest.NewRecorder(), english)
	forged := request(key)
	forged.Header.Set(headerUser, "1")
	h(httptest.NewRecorder(), forged)
	want := ann
	want.Lang = "en"
	if called != 1 || refused != 1 || got != want {
		t.Errorf("called %d, refused %d, identity %+v", called, refused, got)
	}
}

func TestStripRemovesEverySpelling(t *testing.T) {
	t.Parallel()
	h := http.Header{}
	for _, name := range []string{
		"User-Id", "User-ID", "user-id", "USER-ID", "User_Id", "user_id", "UserId", "userid", "User-_Id",
		"X-User-Id", "x_user_id", "X_User-Id", "X-UserId", "Role", "role", "X-Role", "X_Role",
		"Session-Id", "session_id", "SessionId", "X-Session-Id", "Device-Id", "device_id", "DeviceId", "X_Device_Id", "Expires-At", "expires_at", "X-ExpiresAt",
		"Platform", "X-Platform", "Client-Ip", "ClientIP", "X-Client-IP", "X-Real-Ip", "X_Real_IP", "Real-Ip",
		"X-Forwarded-For", "x-forwarded-for", "X_Forwarded_For", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded",
		"X-Request-Id", "x-request-id", "Request-Id", "X_Request_Id", "Identity-Signature", "identity_signature", "X-Identity-Signature",
	} {
		h[name] = []string{"1"} // as spelt, not as Set would spell it
	}
	keep := []string{"Authorization", "Token", "Content-Type", "Accept-Language", "User-Agent", "Cookie", "X-Requested-With", "Sec-Websocket-Key", "Content-Role", "Userids"}
	for _, name := range keep {
		h[name] = []string{"1"}
	}
	Strip(h)
	for _, name := range keep {
		if h[name] == nil {
			t.Errorf("%s is gone", name)
		}
		delete(h, name)
	}
	if len(h) > 0 {
		t.Errorf("left: %v", h)
	}
}

func TestATokenEndsAtItsEnd(t *testing.T) {
	t.Parallel()
	for at, want := range map[int64]bool{0: false, 1_700_003_599: false, 1_700_003_600: true, 1_700_003_601: true} {
		if got := ann.Ended(time.Unix(at, 0)); got != want {
			t.Errorf("ended at %d: %v", at, got)
		}
	}
	if !(Identity{}).Ended(now) {
		t.Error("no end is no life without end")
	}
}

func TestKeysOfPurposesDiffer(t *testing.T) {
	t.Parallel()
	if string(Key(secret, "a")) == string(Key(secret, "b")) || string(Key(secret, "a")) == string(Key([]byte("t"), "a")) || len(Key(secret, "a")) != 32 {
		t.Error("keys are equal or short")
	}
}

func issue(t *testing.T, ttl time.Duration) string {
	t.Helper()
	raw, err := Issue(secret, ann, now, ttl)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestAccessTokenCarriesTheIdentity(t *testing.T) {
	t.Parallel()
	raw := issue(t, time.Hour)
	got, end, err := Parse(secret, raw, now)
	want := ann
	want.ExpiresAt, want.ClientIP, want.RequestID = 0, "", "" // those are the request's, not the token's
	if err != nil || got != want || !end.Equal(now.Add(time.Hour)) {
		t.Errorf("%+v until %v, %v", got, end, err)
	}
	if len(raw) > maxToken {
		t.Errorf("%d bytes", len(raw))
	}
}

func TestAccessTokenTimes(t *testing.T) {
	t.Parallel()
	raw := issue(t, time.Hour)
	for after, want := range map[time.Duration]error{
		0: nil, time.Hour: nil, time.Hour + leeway: nil, time.Hour + leeway + time.Second: errs.TokenExpired, 1000 * time.Hour: errs.TokenExpired,
		-leeway: nil, -leeway - time.Second: errs.Unauthorized,
	} {
		if _, _, err := Parse(secret, raw, now.Add(after)); !errors.Is(err, want) || (err == nil) != (want == nil) {
			t.Errorf("%v after it was issued: %v, want %v", after, err, want)
		}
	}
}

// forge returns a token with the claims of a good one but for change, signed
// by method with key.
func forge(t *testing.T, method jwt.SigningMethod, key any, change map[string]any) string {
	t.Helper()
	c := jwt.MapClaims{
		"iss": issuer, "aud": audience, "typ": access, "iat": now.Unix(), "exp": now.Add(time.Hour).Unix(), "uid": 7, "sid": 9, "role": 2, "dev": "d", "plt": "web",
	}
	for name, v := range change {
		if c[name] = v; v == nil {
			delete(c, name)
		}
	}
	raw, err := jwt.NewWithClaims(method, c).SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestOnlyOurTokensAreTaken(t *testing.T) {
	t.Parallel()
	if _, _, err := Parse(secret, forge(t, jwt.SigningMethodHS256, secret, nil), now); err != nil {
		t.Fatalf("a good one: %v", err)
	}
	good := strings.Split(issue(t, time.Hour), ".")
	none := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","typ":"JWT"}`))
	refused := map[string]string{
		"nothing": "", "a word": "x", "two parts": good[0] + "." + good[1], "four parts": strings.Join(good, ".") + ".x",
		"no signature": good[0] + "." + good[1] + ".", "another signature": good[0] + "." + good[1] + "." + strings.Repeat("A", 43),
		"alg none": none + "." + good[1] + ".", "alg none with the signature": none + "." + good[1] + "." + good[2],
		"signed none": forge(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, nil),
		"HS384":       forge(t, jwt.SigningMethodHS384, secret, nil), "HS512": forge(t, jwt.SigningMethodHS512, secret, nil),
		"another secret":   forge(t, jwt.SigningMethodHS256, []byte(strings.Repeat("t", 32)), nil),
		"the empty secret": forge(t, jwt.SigningMethodHS256, []byte{}, nil),
		"too long":         forge(t, jwt.SigningMethodHS256, secret, map[string]any{"dev": strings.Repeat("x", maxToken)}),
		"Bearer before it": "Bearer " + strings.Join(good, "."),
		"a blank behind":   strings.Join(good, ".") + " ",
	}
	for name, change := range map[string]map[string]any{
		"no iss": {"iss": nil}, "another iss": {"iss": "tudoim"}, "no aud": {"aud": nil}, "another aud": {"aud": "web"}, "a list as aud": {"aud": []string{audience}},
		"no typ": {"typ": nil}, "a refresh token": {"typ": "refresh"}, "no exp": {"exp": nil}, "exp 0": {"exp": 0}, "a text as exp": {"exp": "never"}, "a fraction as exp": {"exp": 1.7e9 + .5},
		"from the future": {"iat": now.Add(time.Hour).Unix()}, "no uid": {"uid": nil}, "uid 0": {"uid": 0}, "a negative uid": {"uid": -1}, "no sid": {"sid": nil}, "a text as uid": {"uid": "7"},
		"a text as role": {"role": "admin"},
	} {
		refused[name] = forge(t, jwt.SigningMethodHS256, secret, change)
	}
	for name, raw := range refused {
		if i, end, err := Parse(secret, raw, now); !errors.Is(err, errs.Unauthorized) || i != (Identity{}) || !end.IsZero() {
			t.Errorf("%s: %+v until %v, %v", name, i, end, err)
		}
	}
	// A negative end is an end that has passed.
	if _, _, err := Parse(secret, forge(t, jwt.SigningMethodHS256, secret, map[string]any{"exp": -1}), now); !errors.Is(err, errs.TokenExpired) {
		t.Errorf("exp -1: %v", err)
	}
}

func TestNoSecretTakesNothing(t *testing.T) {
	t.Parallel()
	raw := forge(t, jwt.SigningMethodHS256, []byte{}, nil)
	for _, empty := range [][]byte{nil, {}} {
		if _, _, err := Parse(empty, raw, now); !errors.Is(err, errs.Unauthorized) {
			t.Errorf("%v", err)
		}
	}
}

func FuzzParse(f *testing.F) {
	good, err := Issue(secret, ann, now, time.Hour)
	if err != nil {
		f.Fatal(err)
	}
	head, _, _ := strings.Cut(good, ".")
	for _, s := range []string{good, "", ".", "..", "...", head, good + ".", "e30.e30.", head + ".bnVsbA.x", strings.Repeat("a.", 1000)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		i, _, err := Parse(secret, raw, now)
		if err != nil {
			if !errors.Is(err, errs.Unauthorized) || i != (Identity{}) {
				t.Errorf("%q: %+v, %v", raw, i, err)
			}
			return
		}
		// Nobody but us signs: whatever is taken says what we signed.
		if want, _, _ := Parse(secret, good, now); i != want {
			t.Errorf("%q was taken as %+v", raw, i)
		}
	})
}

func FuzzVerify(f *testing.F) {
	key := Key(secret, "identity")
	r := request(key)
	var all []string
	for _, name := range []string{headerUser, headerRole, headerSession, headerDevice, headerPlatform, headerExpires, headerClientIP, headerRequest, headerSignature} {
		all = append(all, r.Header.Get(name))
	}
	add := func(v []string) { f.Add(v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8]) }
	add(all)
	add(make([]string, 9))
	f.Fuzz(func(t *testing.T, user, role, session, device, platform, expires, ip, id, signature string) {
		r := request(key)
		h := http.Header{
			headerUser: {user}, headerRole: {role}, headerSession: {session}, headerDevice: {device},
			headerPlatform: {platform}, headerExpires: {expires}, headerClientIP: {ip}, headerRequest: {id}, headerSignature: {signature},
		}
		r.Header = h
		if i, err := Verify(r, key); err == nil && i != ann {
			b, _ := json.Marshal(h)
			t.Errorf("%s was taken as %+v", b, i)
		}
	})
}
