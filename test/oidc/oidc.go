// Package oidc is a small OpenID Connect provider for tests: discovery, keys,
// authorization by a browser that says who it is, and tokens for codes, once
// and with the verifier of PKCE only.
package oidc

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/golang-jwt/jwt/v4"
)

// What the provider knows the site as.
const (
	ClientID     = "tudo"
	ClientSecret = "a secret of the site and the provider"
	Redirect     = "http://127.0.0.1/back"
)

// Person is somebody with an account at the provider.
type Person struct {
	Subject, UserName, Email, Name string
	// Twist changes what the id token says.
	Twist func(jwt.MapClaims)
	// Forged has the id token signed with a key that is not the provider's.
	Forged bool
}

// Provider is a running provider.
type Provider struct {
	URL string
	// Down makes it answer 503; Asked counts its answers to codes.
	Down  atomic.Bool
	Asked atomic.Int64

	server      *httptest.Server
	key, forged *rsa.PrivateKey

	mu     sync.Mutex
	people map[string]Person
	grants map[string]grant
}

// grant is what a code is good for.
type grant struct {
	who              Person
	challenge, nonce string
}

// Start runs a provider.
func Start() (*Provider, error) {
	p := &Provider{people: map[string]Person{}, grants: map[string]grant{}}
	var err1, err2 error
	p.key, err1 = rsa.GenerateKey(rand.Reader, 2048)
	p.forged, err2 = rsa.GenerateKey(rand.Reader, 2048)
	if err := errors.Join(err1, err2); err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", p.discovery)
	mux.HandleFunc("GET /keys", p.keys)
	mux.HandleFunc("GET /authorize", p.authorize)
	mux.HandleFunc("POST /token", p.token)
	p.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p.Down.Load() {
			http.Error(w, "down", http.StatusServiceUnavailable)
			return
		}
		mux.ServeHTTP(w, r)
	}))
	p.URL = p.server.URL
	return p, nil
}

// Close ends the provider.
func (p *Provider) Close() { p.server.Close() }

// Env is the environment that makes the suite use the provider as name.
func (p *Provider) Env(name string) []string {
	return []string{
		"TUDO_OIDC_NAME=" + name, "TUDO_OIDC_TITLE=Test", "TUDO_OIDC_ICON=" + p.URL + "/icon.png", "TUDO_OIDC_ISSUER=" + p.URL,
		"TUDO_OIDC_CLIENT_ID=" + ClientID, "TUDO_OIDC_CLIENT_SECRET=" + ClientSecret, "TUDO_OIDC_REDIRECT_URL=" + Redirect,
	}
}

// Visit plays the browser of who, sent to href, and returns what it is sent
// back with.
func (p *Provider) Visit(href string, who Person) (code, state string, err error) {
	u, err := url.Parse(href)
	if err != nil {
		return "", "", err
	}
	login := rand.Text()
	p.mu.Lock()
	p.people[login] = who
	p.mu.Unlock()
	q := u.Query()
	q.Set("login", login)
	u.RawQuery = q.Encode()
	browser := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, Timeout: 10 * time.Second}
	resp, err := browser.Get(u.String())
	if err != nil {
		return "", "", err
	}
	defer resp.Body.Close()
	back, err := resp.Location()
	if err != nil || resp.StatusCode != http.StatusFound {
		return "", "", fmt.Errorf("the provider answered %d, %w", resp.StatusCode, err)
	}
	return back.Query().Get("code"), back.Query().Get("state"), nil
}

func (p *Provider) discovery(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, map[string]any{
		"issuer": p.URL, "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/keys",
		"id_token_signing_alg_values_supported": []string{"RS256"}, "response_types_supported": []string{"code"},
		"subject_types_supported": []string{"public"}, "code_challenge_methods_supported": []string{"S256"},
	})
}

const kid = "one"

func (p *Provider) keys(w http.ResponseWriter, _ *http.Request) {
	b64 := base64.RawURLEncoding.EncodeToString
	answer(w, http.StatusOK, map[string]any{"keys": []any{map[string]any{
		"kty": "RSA", "use": "sig", "alg": "RS256", "kid": kid,
		"n": b64(p.key.N.Bytes()), "e": b64(big.NewInt(int64(p.key.E)).Bytes()),
	}}})
}

func (p *Provider) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	p.mu.Lock()
	defer p.mu.Unlock()
	who, known := p.people[q.Get("login")]
	if !known || q.Get("client_id") != ClientID || q.Get("redirect_uri") != Redirect || q.Get("response_type") != "code" ||
		q.Get("code_challenge_method") != "S256" || q.Get("code_challenge") == "" || q.Get("nonce") == "" || q.Get("state") == "" {
		http.Error(w, "bad request", http.StatusBadRequest)
		return
	}
	code := rand.Text()
	p.grants[code] = grant{who: who, challenge: q.Get("code_challenge"), nonce: q.Get("nonce")}
	http.Redirect(w, r, Redirect+"?"+url.Values{"code": {code}, "state": {q.Get("state")}}.Encode(), http.StatusFound)
}

func (p *Provider) token(w http.ResponseWriter, r *http.Request) {
	p.Asked.Add(1)
	id, secret, basic := r.BasicAuth()
	if !basic {
		id, secret = r.FormValue("client_id"), r.FormValue("client_secret")
	} else {
		secret, _ = url.QueryUnescape(secret)
	}
	code := r.FormValue("code")
	p.mu.Lock()
	g, ok := p.grants[code]
	sum := sha256.Sum256([]byte(r.FormValue("code_verifier")))
	refused := ""
	switch {
	case id != ClientID || secret != ClientSecret:
		refused = "invalid_client"
	case !ok || r.FormValue("redirect_uri") != Redirect || base64.RawURLEncoding.EncodeToString(sum[:]) != g.challenge:
		refused = "invalid_grant"
	}
	if id == ClientID && secret == ClientSecret {
		delete(p.grants, code) // once
	}
	p.mu.Unlock()
	if refused != "" {
		answer(w, http.StatusBadRequest, map[string]any{"error": refused})
		return
	}
	now := time.Now()
	claims := jwt.MapClaims{
		"iss": p.URL, "aud": ClientID, "sub": g.who.Subject, "nonce": g.nonce, "iat": now.Unix(), "exp": now.Add(time.Minute).Unix(),
		"preferred_username": g.who.UserName, "email": g.who.Email, "name": g.who.Name,
	}
	if g.who.Twist != nil {
		g.who.Twist(claims)
	}
	key := p.key
	if g.who.Forged {
		key = p.forged
	}
	t := jwt.NewWithClaims(jwt.SigningMethodRS256, claims)
	t.Header["kid"] = kid
	signed, err := t.SignedString(key)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	answer(w, http.StatusOK, map[string]any{"access_token": rand.Text(), "token_type": "Bearer", "expires_in": 60, "id_token": signed})
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}
