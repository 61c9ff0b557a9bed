package openlogin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v4"
	"github.com/zeromicro/go-zero/core/logx"

	"tudoIM/common/errs"
	"tudoIM/test/oidc"
)

func TestMain(m *testing.M) {
	logx.Disable()
	os.Exit(m.Run())
}

var secret = []byte(strings.Repeat("k", 32))

func config(p *oidc.Provider) Config {
	return Config{
		Name: "test", Title: "Test", Icon: "https://example.com/i.png", Issuer: p.URL,
		ClientID: oidc.ClientID, ClientSecret: oidc.ClientSecret, RedirectURL: oidc.Redirect, Scopes: "openid profile",
	}
}

// world is a provider and a site that knows it as test.
type world struct {
	*Providers
	provider *oidc.Provider
	now      time.Time
	used     map[string]bool
}

func newWorld(t *testing.T) *world {
	t.Helper()
	p, err := oidc.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	all, err := New([]Config{config(p)}, secret)
	if err != nil {
		t.Fatal(err)
	}
	return &world{Providers: all, provider: p, now: time.UnixMilli(time.Now().UnixMilli()), used: map[string]bool{}}
}

func (w *world) href(t *testing.T, device string) string {
	t.Helper()
	list := w.Choices(t.Context(), device, w.now)
	if len(list) != 1 {
		t.Fatalf("%+v", list)
	}
	return list[0].Href
}

// visit sends who to the provider from device and returns what comes back.
func (w *world) visit(t *testing.T, device string, who oidc.Person) Grant {
	t.Helper()
	code, state, err := w.provider.Visit(w.href(t, device), who)
	if err != nil {
		t.Fatal(err)
	}
	return Grant{Provider: "test", Code: code, State: state}
}

func (w *world) recognise(t *testing.T, g Grant, device string, late time.Duration) (Person, error) {
	t.Helper()
	return w.Recognise(t.Context(), g, device, w.now.Add(late), func(st State) error {
		if w.used[st.Nonce] {
			return errs.NotRecognised
		}
		w.used[st.Nonce] = true
		return nil
	})
}

var ann = oidc.Person{Subject: "s1", UserName: "ann", Email: "ann@example.com", Name: "Ann Lee"}

func TestAPersonIsRecognised(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g := w.visit(t, "d1", ann)
	got, err := w.recognise(t, g, "d1", stateTTL)
	if want := (Person{"s1", "ann", "ann@example.com", "Ann Lee"}); err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestHrefTellsNoSecret(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	raw := w.href(t, "device-in-clear")
	u, err := url.Parse(raw)
	if err != nil || !strings.HasPrefix(raw, w.provider.URL+"/authorize?") {
		t.Fatalf("%s, %v", raw, err)
	}
	q := u.Query()
	for key, want := range map[string]string{
		"client_id": oidc.ClientID, "redirect_uri": oidc.Redirect, "response_type": "code", "scope": "openid profile", "code_challenge_method": "S256",
	} {
		if q.Get(key) != want {
			t.Errorf("%s is %q", key, q.Get(key))
		}
	}
	st, err := w.seals.open(q.Get("state"), "test", "device-in-clear", w.now)
	if err != nil {
		t.Fatal(err)
	}
	for what, hidden := range map[string]string{"verifier": st.Verifier, "secret": oidc.ClientSecret, "device": "device-in-clear"} {
		if strings.Contains(raw, hidden) || strings.Contains(raw, url.QueryEscape(hidden)) {
			t.Errorf("the href tells the %s", what)
		}
	}
	other, _ := url.Parse(w.href(t, "device-in-clear"))
	for _, key := range []string{"state", "nonce", "code_challenge"} {
		if q.Get(key) == "" || q.Get(key) == other.Query().Get(key) {
			t.Errorf("%s is the same twice", key)
		}
	}
}

// Row A23: whatever is not as it was begun recognises nobody.
func TestWhoIsNotRecognised(t *testing.T) {
	t.Parallel()
	claim := func(name string, value any) oidc.Person {
		p := ann
		p.Twist = func(c jwt.MapClaims) {
			if c[name] = value; value == nil {
				delete(c, name)
			}
		}
		return p
	}
	forged := ann
	forged.Forged = true
	for what, c := range map[string]struct {
		who    oidc.Person
		change func(w *world, g *Grant)
		device string
		late   time.Duration
		want   *errs.Error
		asked  int64
	}{
		"no such provider":         {ann, func(_ *world, g *Grant) { g.Provider = "other" }, "d1", 0, errs.NoProvider, 0},
		"no provider":              {ann, func(_ *world, g *Grant) { g.Provider = "" }, "d1", 0, errs.NoProvider, 0},
		"no state":                 {ann, func(_ *world, g *Grant) { g.State = "" }, "d1", 0, errs.NotRecognised, 0},
		"a state of nobody":        {ann, func(_ *world, g *Grant) { g.State = "AAAA" + g.State[4:] }, "d1", 0, errs.NotRecognised, 0},
		"a state cut":              {ann, func(_ *world, g *Grant) { g.State = g.State[:20] }, "d1", 0, errs.NotRecognised, 0},
		"a state without end":      {ann, func(_ *world, g *Grant) { g.State = strings.Repeat("A", 1<<20) }, "d1", 0, errs.NotRecognised, 0},
		"a state of another key":   {ann, func(_ *world, g *Grant) { g.State = foreign(g) }, "d1", 0, errs.NotRecognised, 0},
		"from another device":      {ann, nil, "d2", 0, errs.NotRecognised, 0},
		"from no device":           {ann, nil, "", 0, errs.NotRecognised, 0},
		"too late":                 {ann, nil, "d1", stateTTL + time.Millisecond, errs.NotRecognised, 0},
		"no code":                  {ann, func(_ *world, g *Grant) { g.Code = "" }, "d1", 0, errs.NotRecognised, 0},
		"a code without end":       {ann, func(_ *world, g *Grant) { g.Code = strings.Repeat("A", 1<<20) }, "d1", 0, errs.NotRecognised, 0},
		"a wrong code":             {ann, func(_ *world, g *Grant) { g.Code += "x" }, "d1", 0, errs.NotRecognised, 1},
		"a forged token":           {forged, nil, "d1", 0, errs.NotRecognised, 1},
		"a token of another":       {claim("iss", "https://evil.example"), nil, "d1", 0, errs.NotRecognised, 1},
		"a token for another":      {claim("aud", "other"), nil, "d1", 0, errs.NotRecognised, 1},
		"a token for several":      {claim("aud", []string{oidc.ClientID, "other"}), nil, "d1", 0, errs.NotRecognised, 1},
		"a token given to another": {claim("azp", "other"), nil, "d1", 0, errs.NotRecognised, 1},
		"a token that ended":       {claim("exp", time.Now().Add(-time.Minute).Unix()), nil, "d1", 0, errs.NotRecognised, 1},
		"another nonce":            {claim("nonce", "x"), nil, "d1", 0, errs.NotRecognised, 1},
		"no nonce":                 {claim("nonce", nil), nil, "d1", 0, errs.NotRecognised, 1},
		"no subject":               {claim("sub", ""), nil, "d1", 0, errs.NotRecognised, 1},
		"a subject too long":       {claim("sub", strings.Repeat("s", 256)), nil, "d1", 0, errs.NotRecognised, 1},
		"claims of other kinds":    {claim("email", []int{1}), nil, "d1", 0, errs.NotRecognised, 1},
		"the provider is down":     {ann, func(w *world, _ *Grant) { w.provider.Down.Store(true) }, "d1", 0, errs.Unavailable, 0},
		"the provider is gone":     {ann, func(w *world, _ *Grant) { w.provider.Close() }, "d1", 0, errs.Unavailable, 0},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			g := w.visit(t, "d1", c.who)
			if c.change != nil {
				c.change(w, &g)
			}
			got, err := w.recognise(t, g, c.device, c.late)
			if !errors.Is(err, c.want) || got != (Person{}) {
				t.Errorf("%+v, %v, want %v", got, err, c.want)
			}
			if n := w.provider.Asked.Load(); n != c.asked {
				t.Errorf("the provider was asked %d times, want %d", n, c.asked)
			}
		})
	}
}

// foreign is a state like that of g, of a site with another key.
func foreign(g *Grant) string {
	other, _ := newSeals([]byte(strings.Repeat("x", 32)))
	ours, _ := newSeals(secret)
	st, err := ours.open(g.State, "test", "d1", time.Now())
	if err != nil {
		return ""
	}
	raw, _ := other.seal(st)
	return raw
}

func TestCodeAndStateAreForOneLogin(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, second := w.visit(t, "d1", ann), w.visit(t, "d1", oidc.Person{Subject: "s2"})
	if _, err := w.recognise(t, Grant{"test", second.Code, first.State}, "d1", 0); !errors.Is(err, errs.NotRecognised) {
		t.Errorf("the code of another login: %v", err)
	}
	if _, err := w.recognise(t, first, "d1", 0); !errors.Is(err, errs.NotRecognised) {
		t.Errorf("a state that was used: %v", err)
	}
	third := w.visit(t, "d1", ann)
	if _, err := w.recognise(t, third, "d1", 0); err != nil {
		t.Errorf("as it should be: %v", err)
	}
	fourth := w.visit(t, "d1", ann)
	fourth.Code = third.Code
	if _, err := w.recognise(t, fourth, "d1", 0); !errors.Is(err, errs.NotRecognised) {
		t.Errorf("a code that was used: %v", err)
	}
	// Text that decodes to the same bytes is the same state.
	fifth := w.visit(t, "d1", ann)
	if _, err := w.recognise(t, fifth, "d1", 0); err != nil {
		t.Fatal(err)
	}
	fifth.State += "\r\n"
	if _, err := w.recognise(t, fifth, "d1", 0); !errors.Is(err, errs.NotRecognised) {
		t.Errorf("spelt otherwise: %v", err)
	}
}

func TestProvidersAreFoundWhenTheyCome(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.provider.Down.Store(true)
	if list := w.Choices(t.Context(), "d1", w.now); len(list) != 0 {
		t.Errorf("offered while down: %+v", list)
	}
	if list := w.Choices(t.Context(), "", w.now); len(list) != 1 || list[0] != (Choice{Name: "test", Title: "Test", Icon: "https://example.com/i.png"}) {
		t.Errorf("by name: %+v", list)
	}
	w.provider.Down.Store(false)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for end := time.After(20 * time.Second); len(w.Choices(t.Context(), "d1", w.now)) == 0; {
		select {
		case <-tick.C:
		case <-end:
			t.Fatal("not offered when it came")
		}
	}
	if _, err := w.recognise(t, w.visit(t, "d1", ann), "d1", 0); err != nil {
		t.Errorf("when it came: %v", err)
	}
	left, leave := context.WithCancel(t.Context())
	leave()
	if list := w.Choices(left, "d1", w.now); len(list) != 1 {
		t.Errorf("what is known needs no asking: %+v", list)
	}
}

func TestConfig(t *testing.T) {
	t.Parallel()
	good := Config{Name: "a-1", Issuer: "https://id.example", ClientID: "c", ClientSecret: "hunter2", RedirectURL: "https://im.example/back"}
	for what, c := range map[string]struct {
		change func(c *Config)
		bad    bool
	}{
		"as it should be":        {func(*Config) {}, false},
		"a public client":        {func(c *Config) { c.ClientSecret = "" }, false},
		"on this machine":        {func(c *Config) { c.Issuer, c.RedirectURL = "http://127.0.0.1:1", "http://localhost:2/x" }, false},
		"on this machine, IPv6":  {func(c *Config) { c.Issuer = "http://[::1]:1" }, false},
		"nothing":                {func(c *Config) { *c = Config{Scopes: "openid"} }, false},
		"no name":                {func(c *Config) { c.Name = "" }, true},
		"capitals":               {func(c *Config) { c.Name = "A" }, true},
		"a name too long":        {func(c *Config) { c.Name = strings.Repeat("a", 33) }, true},
		"the name of a password": {func(c *Config) { c.Name = "password" }, true},
		"a line in the name":     {func(c *Config) { c.Name = "a\n" }, true},
		"no issuer":              {func(c *Config) { c.Issuer = "" }, true},
		"http":                   {func(c *Config) { c.Issuer = "http://id.example" }, true},
		"a file":                 {func(c *Config) { c.Issuer = "file:///etc/passwd" }, true},
		"a user in the issuer":   {func(c *Config) { c.Issuer = "https://a:b@id.example" }, true},
		"no client":              {func(c *Config) { c.ClientID = "" }, true},
		"no redirect":            {func(c *Config) { c.RedirectURL = "" }, true},
		"a redirect in clear":    {func(c *Config) { c.RedirectURL = "http://im.example/back" }, true},
		"a redirect to nowhere":  {func(c *Config) { c.RedirectURL = "/back" }, true},
		"an icon of a script":    {func(c *Config) { c.Icon = "javascript:alert(1)" }, true},
		"a title without end":    {func(c *Config) { c.Title = strings.Repeat("t", 65) }, true},
	} {
		one := good
		c.change(&one)
		_, err := New([]Config{one}, secret)
		if (err != nil) != c.bad || err != nil && strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := New([]Config{good, good}, secret); err == nil {
		t.Error("the same twice")
	}
}

func TestTheClientIsLedNowhere(t *testing.T) {
	t.Parallel()
	reached := false
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { reached = true }))
	t.Cleanup(other.Close)
	one := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/away":
			http.Redirect(w, r, other.URL, http.StatusFound)
		case "/round":
			http.Redirect(w, r, "/round", http.StatusFound)
		case "/near":
			http.Redirect(w, r, "/long", http.StatusFound)
		case "/long":
			_, _ = w.Write(make([]byte, maxAnswer+1))
		}
	}))
	t.Cleanup(one.Close)
	c := newClient()
	for _, u := range []string{one.URL + "/away", one.URL + "/round", "http://192.0.2.1/", "http://example.com/"} {
		resp, err := c.Get(u)
		if err == nil {
			resp.Body.Close()
			t.Errorf("%s: %d", u, resp.StatusCode)
		}
	}
	if reached {
		t.Error("another host was asked")
	}
	resp, err := c.Get(one.URL + "/near")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	n := 0
	for b := make([]byte, 1<<16); err == nil; {
		var k int
		k, err = resp.Body.Read(b)
		n += k
	}
	if n != maxAnswer {
		t.Errorf("%d bytes were read", n)
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("长", 40)
	for what, c := range map[string]struct {
		who      Person
		name     string
		nickname string
	}{
		"the own name":         {Person{UserName: "ann", Email: "bob@x", Name: "Ann"}, "ann", "Ann"},
		"the mailbox":          {Person{Email: "bob@x"}, "bob", ""},
		"signs are left out":   {Person{UserName: "ann lee!", Name: " Ann "}, "annlee", "Ann"},
		"the flag":             {Person{UserName: "!", Email: "@"}, "flag", ""},
		"digits alone":         {Person{UserName: "12345", Email: "7@x"}, "flag", ""},
		"one letter":           {Person{UserName: "a", Email: "bob@x"}, "bob", ""},
		"too long":             {Person{UserName: long, Name: long}, long[:32*3], long[:32*3]},
		"far too long":         {Person{UserName: strings.Repeat("a", 1000)}, "flag", ""},
		"no text":              {Person{UserName: "a\xffnn", Name: "a\xffb"}, "ann", "ab"},
		"a name of two lines":  {Person{Name: "a\nb"}, "flag", ""},
		"a name nobody sees":   {Person{Name: "\u200b"}, "flag", ""},
		"a name turned around": {Person{Name: "a\u202eb"}, "flag", ""},
	} {
		names := c.who.Names("flag")
		if names[0] != c.name || c.who.Nickname() != c.nickname || len(names) != tries {
			t.Errorf("%s: %q, %q", what, names, c.who.Nickname())
		}
		if again := c.who.Names("flag"); names[tries-1] == again[tries-1] || !slices.Equal(names[:tries-1], again[:tries-1]) {
			t.Errorf("%s: %q, then %q", what, names, again)
		}
		for i, n := range names {
			if len([]rune(n)) > maxName || slices.Contains(names[:i], n) {
				t.Errorf("%s: %q", what, names)
			}
		}
	}
	if names := (Person{}).Names(strings.Repeat("f", 32)); len(names[len(names)-1]) > maxName {
		t.Error(fmt.Sprint(names))
	}
}
