package model

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v4"

	"tudoIM/common/errs"
	"tudoIM/common/token"
)

var (
	testTokens  = Tokens{Secret: []byte(strings.Repeat("k", 32)), Access: time.Hour, Refresh: 24 * time.Hour}
	testSession = SessionModel{UserID: 7, Role: 2, DeviceID: "d1", Platform: "web", Generation: 4}
	testNow     = time.Unix(1_700_000_000, 0)
)

func init() { testSession.ID = 9 }

func TestRenew(t *testing.T) {
	t.Parallel()
	s := testSession
	first := testTokens.Renew(&s, testNow)
	if s.Generation != 5 || s.RefreshHash != Hash(first) || s.LastActiveAt != testNow.UnixMilli() ||
		s.RefreshEndsAt != testNow.Add(24*time.Hour).UnixMilli() {
		t.Errorf("%+v", s)
	}
	raw, err := base64.RawURLEncoding.DecodeString(first)
	if err != nil || len(raw) != 32 {
		t.Errorf("a secret of %d bytes, error %v", len(raw), err)
	}
	if second := testTokens.Renew(&s, testNow); second == first {
		t.Error("the same secret twice")
	}
}

func TestRefreshTokenIsOurs(t *testing.T) {
	t.Parallel()
	good := testTokens.RefreshToken(&testSession, "secret")
	session, generation, secret, err := testTokens.ParseRefresh(good)
	if err != nil || session != 9 || generation != 4 || secret != "secret" {
		t.Fatalf("%d %d %q, error %v", session, generation, secret, err)
	}
	other := testTokens
	other.Secret = []byte(strings.Repeat("x", 32))
	body, mac := good[:strings.LastIndexByte(good, '.')], good[strings.LastIndexByte(good, '.')+1:]
	signed := func(body string) string { return body + "." + testTokens.mac(body) }
	for name, raw := range map[string]string{
		"empty":                    "",
		"a dot":                    ".",
		"dots":                     strings.Repeat(".", 200),
		"without a MAC":            body,
		"with an empty MAC":        body + ".",
		"with half a MAC":          body + "." + mac[:10],
		"with more behind":         good + "A",
		"session changed":          "8" + body[1:] + "." + mac,
		"generation changed":       "9.3.secret." + mac,
		"secret changed":           "9.4.Secret." + mac,
		"another key":              other.RefreshToken(&testSession, "secret"),
		"signed, one part less":    signed("9.4"),
		"signed, one part more":    signed("9.4.a.b"),
		"signed, session no id":    signed("-9.4.secret"),
		"signed, generation no id": signed("9.x.secret"),
		"signed, beyond numbers":   signed("18446744073709551616.4.secret"),
		"signed, too long":         signed("9.4." + strings.Repeat("s", 256)),
	} {
		if _, _, _, err := testTokens.ParseRefresh(raw); !errors.Is(err, errs.RefreshExpired) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Neither kind of token is of use in the other's place.
	access, err := testTokens.AccessToken(&testSession, testNow)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := testTokens.ParseRefresh(access); !errors.Is(err, errs.RefreshExpired) {
		t.Errorf("an access token refreshes: %v", err)
	}
	if _, _, err := token.Parse(testTokens.Secret, good, testNow); !errors.Is(err, errs.Unauthorized) {
		t.Errorf("a refresh token gives access: %v", err)
	}
}

// parts returns header and claims of raw as they are written.
func parts(t *testing.T, raw string) (header, claims map[string]any) {
	t.Helper()
	p := strings.Split(raw, ".")
	if len(p) != 3 {
		t.Fatalf("%d parts", len(p))
	}
	for i, v := range []*map[string]any{&header, &claims} {
		b, err := base64.RawURLEncoding.DecodeString(p[i])
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(b, v); err != nil {
			t.Fatal(err)
		}
	}
	return header, claims
}

func TestAccessTokenClaims(t *testing.T) {
	t.Parallel()
	raw, err := testTokens.AccessToken(&testSession, testNow)
	if err != nil {
		t.Fatal(err)
	}
	header, claims := parts(t, raw)
	if !maps.Equal(header, map[string]any{"alg": "HS256", "typ": "JWT"}) {
		t.Errorf("header: %v", header)
	}
	if want := (map[string]any{
		"iss": "tudoIM", "aud": "tudoIM", "typ": "access",
		"iat": float64(testNow.Unix()), "exp": float64(testNow.Add(time.Hour).Unix()),
		"uid": 7.0, "sid": 9.0, "role": 2.0, "dev": "d1", "plt": "web",
	}); !maps.Equal(claims, want) {
		t.Errorf("claims: %v, want %v", claims, want)
	}
	id, end, err := token.Parse(testTokens.Secret, raw, testNow)
	if want := (token.Identity{UserID: 7, Role: 2, SessionID: 9, DeviceID: "d1", Platform: "web"}); err != nil || id != want || !end.Equal(testNow.Add(time.Hour)) {
		t.Errorf("%+v until %v, error %v", id, end, err)
	}
}

func TestTheLongestDeviceFitsIntoAToken(t *testing.T) {
	t.Parallel()
	s := testSession
	s.UserID, s.ID = 1<<53-1, 1<<53-1
	s.DeviceID, s.Platform = strings.Repeat("<", 128), strings.Repeat("&", 16) // JSON writes six bytes for each
	if err := (Device{ID: s.DeviceID, Platform: s.Platform}).Check(); err != nil {
		t.Fatal(err)
	}
	raw, err := testTokens.AccessToken(&s, testNow)
	if err != nil {
		t.Fatal(err)
	}
	if id, _, err := token.Parse(testTokens.Secret, raw, testNow); err != nil || id.DeviceID != s.DeviceID {
		t.Errorf("%d bytes: %+v, error %v", len(raw), id, err)
	}
}

func TestForgedAccessTokens(t *testing.T) {
	t.Parallel()
	good := jwt.MapClaims{
		"iss": "tudoIM", "aud": "tudoIM", "typ": "access", "iat": testNow.Unix(), "exp": testNow.Add(time.Hour).Unix(),
		"uid": 7, "sid": 9, "role": 2, "dev": "d1", "plt": "web",
	}
	with := func(change map[string]any) jwt.MapClaims {
		c := maps.Clone(good)
		for k, v := range change {
			if c[k] = v; v == nil {
				delete(c, k)
			}
		}
		return c
	}
	key := testTokens.Secret
	for _, c := range []struct {
		name   string
		method jwt.SigningMethod
		key    any
		claims jwt.MapClaims
		want   *errs.Error
	}{
		{"as it should be", jwt.SigningMethodHS256, key, good, nil},
		{"another key", jwt.SigningMethodHS256, []byte(strings.Repeat("x", 32)), good, errs.Unauthorized},
		{"an empty key", jwt.SigningMethodHS256, []byte{}, good, errs.Unauthorized},
		{"the refresh key", jwt.SigningMethodHS256, token.Key(key, "refresh"), good, errs.Unauthorized},
		{"alg none", jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, good, errs.Unauthorized},
		{"HS384", jwt.SigningMethodHS384, key, good, errs.Unauthorized},
		{"HS512", jwt.SigningMethodHS512, key, good, errs.Unauthorized},
		{"another issuer", jwt.SigningMethodHS256, key, with(map[string]any{"iss": "other"}), errs.Unauthorized},
		{"no issuer", jwt.SigningMethodHS256, key, with(map[string]any{"iss": nil}), errs.Unauthorized},
		{"another audience", jwt.SigningMethodHS256, key, with(map[string]any{"aud": "other"}), errs.Unauthorized},
		{"another type", jwt.SigningMethodHS256, key, with(map[string]any{"typ": "refresh"}), errs.Unauthorized},
		{"no type", jwt.SigningMethodHS256, key, with(map[string]any{"typ": nil}), errs.Unauthorized},
		{"no end", jwt.SigningMethodHS256, key, with(map[string]any{"exp": nil}), errs.Unauthorized},
		{"no session", jwt.SigningMethodHS256, key, with(map[string]any{"sid": nil}), errs.Unauthorized},
		{"no user", jwt.SigningMethodHS256, key, with(map[string]any{"uid": nil}), errs.Unauthorized},
		{"ended, within what clocks differ", jwt.SigningMethodHS256, key, with(map[string]any{"exp": testNow.Add(-30 * time.Second).Unix()}), nil},
		{"ended", jwt.SigningMethodHS256, key, with(map[string]any{"exp": testNow.Add(-31 * time.Second).Unix()}), errs.TokenExpired},
		{"from the future", jwt.SigningMethodHS256, key, with(map[string]any{"iat": testNow.Add(31 * time.Second).Unix()}), errs.Unauthorized},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			raw, err := jwt.NewWithClaims(c.method, c.claims).SignedString(c.key)
			if err != nil {
				t.Fatal(err)
			}
			_, _, err = token.Parse(key, raw, testNow)
			wantCode(t, c.name, err, c.want)
		})
	}
}

func TestEditedAccessTokens(t *testing.T) {
	t.Parallel()
	raw, err := testTokens.AccessToken(&testSession, testNow)
	if err != nil {
		t.Fatal(err)
	}
	p := strings.Split(raw, ".")
	_, claims := parts(t, raw)
	claims["uid"], claims["role"] = 1, 1
	edited, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	enc := base64.RawURLEncoding.EncodeToString
	tries := []string{"", ".", "..", "...", strings.Repeat(".", 3000), raw + ".", raw + " ", p[0] + "." + p[1], p[0] + "." + p[1] + ".",
		p[0] + "." + enc(edited) + "." + p[2], raw + strings.Repeat("A", 3000)}
	for _, alg := range []string{"none", "None", "nOnE", "NONE", "", "RS256", "hs256"} {
		head := enc([]byte(`{"alg":` + strconv.Quote(alg) + `,"typ":"JWT"}`))
		tries = append(tries, head+"."+p[1], head+"."+p[1]+".", head+"."+p[1]+"."+p[2])
	}
	if slices.Contains(tries, raw) {
		t.Fatal("the good one is among them")
	}
	for _, try := range tries {
		_, _, err := token.Parse(testTokens.Secret, try, testNow)
		wantCode(t, try[:min(len(try), 80)], err, errs.Unauthorized)
	}
}
