package proxy

import (
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"tudoIM/common/token"
	"tudoIM/tudoIM_gateway/internal/config"
)

// of is a token of user, in session 7.
func of(t *testing.T, user uint64) string {
	t.Helper()
	raw, err := token.Issue(secret, token.Identity{UserID: user, SessionID: 7, Role: 2}, time.Now(), time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestEachRateAtItsLimitAndPastIt(t *testing.T) {
	t.Parallel()
	const few = 3
	search := config.RouteRate{Name: "search", Rate: "3/h", Routes: []string{"GET /api/user/search", "GET /api/group/search"}}
	parts := []config.Upload{{Route: "PUT /api/file/multipart/:uploadId/:n", MaxBytes: 10}}
	upgrade := []string{"Connection", "Upgrade", "Upgrade", "websocket", "Sec-WebSocket-Version", "13", "Sec-WebSocket-Key", base64.StdEncoding.EncodeToString([]byte("the sample nonce"))}
	for name, c := range map[string]struct {
		rates  func(r *config.Rates)
		method string
		path   string
		body   func() io.Reader
		header []string
		anon   bool
		// status is what is answered below the limit; other is a question that is
		// not bounded by it.
		status int
		other  string
	}{
		"a user": {rates: func(r *config.Rates) { r.User = "3/h" }, method: "GET", path: "/api/user/user_info", status: 200},
		"an address, in nobody's name": {
			rates: func(r *config.Rates) { r.IP = "3/h" }, method: "POST", path: "/api/auth/login", anon: true, status: 200,
		},
		"an address, refused":    {rates: func(r *config.Rates) { r.IP = "3/h" }, method: "GET", path: "/api/user/user_info", anon: true, status: 401},
		"an address, on no path": {rates: func(r *config.Rates) { r.IP = "3/h" }, method: "GET", path: "/api/none/x", anon: true, status: 404},
		"an address, the pages":  {rates: func(r *config.Rates) { r.IP = "3/h" }, method: "GET", path: "/", anon: true, status: 200, other: "/healthz"},
		"search":                 {rates: func(r *config.Rates) { r.Routes = []config.RouteRate{search} }, method: "GET", path: "/api/user/search?key=a", status: 200, other: "/api/user/user_info"},
		"a route, in nobody's name": {
			rates: func(r *config.Rates) {
				r.Routes = []config.RouteRate{{Name: "refresh", Rate: "3/h", Routes: []string{"POST /api/auth/refresh"}}}
			}, method: "POST", path: "/api/auth/refresh", anon: true, status: 200, other: "/",
		},
		"an address, no path at all":  {rates: func(r *config.Rates) { r.IP = "3/h" }, method: "GET", path: "/api//x", anon: true, status: 404},
		"an address, another's pages": {rates: func(r *config.Rates) { r.IP = "3/h" }, method: "OPTIONS", path: "/api/user/user_info", header: []string{"Origin", "https://evil.example"}, anon: true, status: 403},
		"sockets of a user": { // to an instance that speaks no WebSocket
			rates: func(r *config.Rates) { r.Upgrade = "3/h" }, method: "GET", path: "/api/chat/ws", header: upgrade, status: 200, other: "/api/user/user_info",
		},
		"sockets an address is refused": {
			rates: func(r *config.Rates) { r.Refused = "3/h" }, method: "GET", path: "/api/chat/ws", header: upgrade, anon: true, status: 401, other: "/",
		},
		"bytes":              {rates: func(r *config.Rates) { r.UploadBytes = "30/h" }, method: "PUT", path: "/api/file/multipart/u/1", body: func() io.Reader { return ones(10) }, status: 200, other: "/api/user/user_info"},
		"bytes of no length": {rates: func(r *config.Rates) { r.UploadBytes = "30/h" }, method: "PUT", path: "/api/file/multipart/u/1", body: func() io.Reader { return chunked{ones(10)} }, status: 200, other: "/api/user/user_info"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, func(conf *config.Config) { c.rates(&conf.Rates); conf.Uploads = parts })
			b := newBackend(t)
			for _, service := range []string{"user_api", "auth_api", "file_api", "group_api", "chat_api"} {
				w.register(service, b.addr())
			}
			ask := func(user uint64) reply {
				var body io.Reader
				if c.body != nil {
					body = c.body()
				}
				header := c.header
				if !c.anon {
					header = append([]string{"Token", of(t, user)}, header...)
				}
				return w.do(c.method, c.path, body, header...)
			}
			for range few {
				if got := ask(2); got.StatusCode != c.status {
					t.Fatalf("%d %s", got.StatusCode, got.body)
				}
			}
			asked := b.asked.Load()
			got := ask(2)
			if got.StatusCode != http.StatusTooManyRequests || got.code() != 10007 || got.Header.Get("Retry-After") == "" {
				t.Errorf("past the limit: %d %s, %v", got.StatusCode, got.body, got.Header)
			}
			if b.asked.Load() != asked {
				t.Error("an instance was asked")
			}
			if c.other != "" {
				if got := w.do("GET", c.other, nil, "Token", of(t, 2)); got.StatusCode != http.StatusOK {
					t.Errorf("%s: %d %s", c.other, got.StatusCode, got.body)
				}
			}
			if c.anon {
				return
			}
			if got := ask(3); got.StatusCode != c.status {
				t.Errorf("another user: %d %s", got.StatusCode, got.body)
			}
		})
	}
}

// TestAStrangersFloodCostsNoUser: an address may be that of many.
func TestAStrangersFloodCostsNoUser(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *config.Config) { c.Rates.IP = "1/h" })
	b := newBackend(t)
	w.register("user_api", b.addr())
	for range 5 {
		w.do("GET", "/api/user/user_info", nil)
	}
	if got := w.do("GET", "/api/user/user_info", nil, "Token", access(t, 7)); got.StatusCode != http.StatusOK {
		t.Errorf("%d %s", got.StatusCode, got.body)
	}
}

// TestWeCouldNotTellIsNobodysFault: auth_rpc is away for session 8.
func TestWeCouldNotTellIsNobodysFault(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *config.Config) { c.Rates.IP = "1/h" })
	for range 3 {
		if got := w.do("GET", "/api/user/user_info", nil, "Token", access(t, 8)); got.StatusCode != http.StatusServiceUnavailable {
			t.Errorf("%d %s", got.StatusCode, got.body)
		}
	}
}

func TestBadRatesAreRefused(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(r *config.Rates){
		"none":                  func(r *config.Rates) { r.User = "" },
		"zero":                  func(r *config.Rates) { r.IP = "0/s" },
		"below zero":            func(r *config.Rates) { r.Upgrade = "-1/s" },
		"above the cap":         func(r *config.Rates) { r.Refused = "1000000001/s" },
		"a burst above the cap": func(r *config.Rates) { r.UploadBytes = "1/s burst 1000000001" },
		"no rate of a route":    func(r *config.Rates) { r.Routes = []config.RouteRate{{Name: "x", Rate: "x"}} },
		"no name":               func(r *config.Rates) { r.Routes = []config.RouteRate{{Rate: "1/s", Routes: []string{"GET /x"}}} },
		"another's name": func(r *config.Rates) {
			r.Routes = []config.RouteRate{{Name: "user", Rate: "1/s", Routes: []string{"GET /x"}}}
		},
		"no routes": func(r *config.Rates) { r.Routes = []config.RouteRate{{Name: "x", Rate: "1/s"}} },
		"no route":  func(r *config.Rates) { r.Routes = []config.RouteRate{{Name: "x", Rate: "1/s", Routes: []string{"/x"}}} },
		"a route twice": func(r *config.Rates) {
			r.Routes = []config.RouteRate{{Name: "x", Rate: "1/s", Routes: []string{"GET /x", "GET /x"}}}
		},
	} {
		r := freely()
		change(&r)
		if _, err := newRates(r); err == nil || !strings.Contains(err.Error(), "rate ") && !strings.Contains(err.Error(), "route") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhoseAddress(t *testing.T) {
	t.Parallel()
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	for _, c := range []struct {
		name, remote string
		forwarded    []string
		want         string
	}{
		{"nobody before us", "192.0.2.1:1", nil, "192.0.2.1"},
		{"a header from outside", "192.0.2.1:1", []string{"198.51.100.1"}, "192.0.2.1"},
		{"a proxy", "10.0.0.1:1", []string{"198.51.100.1"}, "198.51.100.1"},
		{"a proxy of IPv6", "[fd00::1]:1", []string{"2001:db8::1"}, "2001:db8::1"},
		{"two proxies", "10.0.0.1:1", []string{"198.51.100.1, 10.0.0.2"}, "198.51.100.1"},
		{"what the client wrote", "10.0.0.1:1", []string{"1.2.3.4, 198.51.100.1"}, "198.51.100.1"},
		{"in two headers", "10.0.0.1:1", []string{"1.2.3.4", "198.51.100.1"}, "198.51.100.1"},
		{"a proxy that says nothing", "10.0.0.1:1", nil, "10.0.0.1"},
		{"no address", "10.0.0.1:1", []string{"x"}, "10.0.0.1"},
		{"no address behind one", "10.0.0.1:1", []string{"x, 198.51.100.1"}, "198.51.100.1"},
		{"with a port", "10.0.0.1:1", []string{"198.51.100.1:4711"}, "198.51.100.1"},
		{"IPv6 with a port", "10.0.0.1:1", []string{"[2001:db8::1]:4711"}, "2001:db8::1"},
		{"only proxies", "10.0.0.1:1", []string{"10.0.0.3,10.0.0.2"}, "10.0.0.3"},
		{"IPv4 as IPv6", "[::ffff:10.0.0.1]:1", []string{"::ffff:198.51.100.1"}, "198.51.100.1"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = c.remote
		r.Header["X-Forwarded-For"] = c.forwarded
		if got := clientIP(r, trusted); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestAnAddressCountsByItsNetwork(t *testing.T) {
	t.Parallel()
	for _, same := range [][2]string{{"192.0.2.1", "::ffff:192.0.2.1"}, {"2001:db8::1", "2001:db8:0:0:ffff::2"}} {
		if addressKey(same[0]) != addressKey(same[1]) {
			t.Errorf("%v differ", same)
		}
	}
	seen := map[uint64]string{}
	for _, ip := range []string{"192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8:0:1::1", "::1"} {
		if other, ok := seen[addressKey(ip)]; ok {
			t.Errorf("%s counts as %s", ip, other)
		}
		seen[addressKey(ip)] = ip
	}
}

// TestALinkCostsNotWhoMadeIt: anybody may have it.
func TestALinkCostsNotWhoMadeIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *config.Config) { c.Rates.User, c.Rates.IP = "1/h", "3/h" })
	b := newBackend(t)
	w.register("file_api", b.addr())
	w.register("user_api", b.addr())
	link := "/api/file/" + aFile + "?sign=" + sign(7, time.Hour)
	for range 3 {
		if got := w.do("GET", link, nil); got.StatusCode != http.StatusOK {
			t.Fatalf("%d %s", got.StatusCode, got.body)
		}
	}
	if got := w.do("GET", link, nil); got.code() != 10007 {
		t.Errorf("past what an address may: %d %s", got.StatusCode, got.body)
	}
	if got := w.do("GET", "/api/user/user_info", nil, "Token", access(t, 7)); got.StatusCode != http.StatusOK {
		t.Errorf("who made it: %d %s", got.StatusCode, got.body)
	}
}

// TestWhoseTokenHasEndedHearsIt: else a client would never ask for another.
func TestWhoseTokenHasEndedHearsIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *config.Config) { c.Rates.IP, c.Rates.Refused = "1/h", "1/h" })
	old, err := token.Issue(secret, token.Identity{UserID: 2, SessionID: 7, Role: 2}, time.Now().Add(-2*time.Hour), time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		for raw, code := range map[string]int{old: 10003, access(t, 9): 10004} {
			if got := w.do("GET", "/api/user/user_info", nil, "Token", raw); got.code() != code {
				t.Errorf("%d %s, want %d", got.StatusCode, got.body, code)
			}
		}
	}
}
