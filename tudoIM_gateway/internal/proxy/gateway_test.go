package proxy

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"tudoIM/tudoIM_gateway/internal/config"
)

const jsonType = "application/json"

func TestIdentityIsOurs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := newBackend(t)
	w.register("auth_api", b.addr())
	w.register("user_api", b.addr())
	forged := []string{}
	for _, name := range []string{
		"User-ID", "user-id", "User_ID", "X-User-Id", "Userid", "Role", "role", "Session-Id", "Device-Id", "Platform",
		"Client-Ip", "X-Real-Ip", "X-Forwarded-For", "Forwarded", "X-Request-Id", "Identity-Signature",
	} {
		forged = append(forged, name, "1", name, "1")
	}
	// Named as hop-by-hop, a header of ours would be dropped on the way.
	forged = append(forged, "Connection", "User-Id, Role, Identity-Signature")
	for _, c := range []struct {
		name, method, path string
		headers            []string
		user               uint64
	}{
		{"public", http.MethodPost, "/api/auth/login", nil, 0},
		{"public with a token", http.MethodPost, "/api/auth/login", []string{"Token", access(t, 7)}, 0},
		{"public with a bad token", http.MethodPost, "/api/auth/login", []string{"Authorization", "Bearer x"}, 0},
		{"logged in", http.MethodGet, "/api/user/info/1", []string{"Token", access(t, 7)}, 2},
	} {
		got := w.do(c.method, c.path, nil, append(c.headers, forged...)...).seen(t)
		if !got.Verified || got.Identity.UserID != c.user || got.Identity.ClientIP != "127.0.0.1" || got.Identity.RequestID == "1" {
			t.Errorf("%s: %+v verified %v", c.name, got.Identity, got.Verified)
		}
		for name, values := range got.Header {
			plain := strings.ReplaceAll(strings.ToLower(name), "_", "-")
			if strings.HasPrefix(plain, "x-user") || strings.Contains(plain, "forwarded") || plain == "userid" || plain == "authorization" || plain == "token" || len(values) != 1 {
				t.Errorf("%s: %s: %v reached the instance", c.name, name, values)
			}
		}
	}
}

func TestWhoIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *config.Config) {
		c.Aliases = append(c.Aliases, config.Alias{Route: "POST /api/auth/other", Path: "/api/auth/authentication"})
	})
	b := newBackend(t)
	w.register("user_api", b.addr())
	w.register("auth_api", b.addr())
	for _, c := range []struct {
		name, method, path string
		headers            []string
		status, code       int
	}{
		{"no token", http.MethodGet, "/api/user/user_info", nil, 401, 10002},
		{"bad token", http.MethodGet, "/api/user/user_info", []string{"Token", "x"}, 401, 10002},
		{"session ended", http.MethodGet, "/api/user/user_info", []string{"Token", access(t, 9)}, 401, 10004},
		{"auth_rpc away", http.MethodGet, "/api/user/user_info", []string{"Token", access(t, 8)}, 503, 10010},
		{"token in the query", http.MethodGet, "/api/user/user_info?token=" + access(t, 7), nil, 401, 10002},
		{"public path, other method", http.MethodGet, "/api/auth/login", nil, 401, 10002},
		{"below a public path", http.MethodPost, "/api/auth/login/x", nil, 401, 10002},
		{"no instance", http.MethodGet, "/api/group/my", []string{"Token", access(t, 7)}, 503, 10010},
		{"inside", http.MethodPost, "/api/auth/authentication", nil, 404, 10006},
		{"inside, logged in", http.MethodPost, "/api/auth/authentication", []string{"Token", access(t, 7), "ValidPath", "/"}, 404, 10006},
		{"inside, another method", http.MethodGet, "/api/auth/authentication", []string{"Token", access(t, 7)}, 404, 10006},
		{"inside, as an alias", http.MethodPost, "/api/auth/other", []string{"Token", access(t, 7)}, 404, 10006},
		{"socket elsewhere", http.MethodGet, "/api/user/ws", []string{"Token", access(t, 7), "Connection", "Upgrade", "Upgrade", "websocket"}, 400, 10001},
		{"socket path without upgrade", http.MethodGet, "/api/chat/ws", []string{"Token", access(t, 7)}, 400, 10001},
	} {
		if got := w.do(c.method, c.path, nil, c.headers...); got.StatusCode != c.status || got.code() != c.code {
			t.Errorf("%s: %d %s", c.name, got.StatusCode, got.body)
		}
	}
	if b.asked.Load() != 0 {
		t.Error("an instance was asked")
	}
}

func TestPaths(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := newBackend(t)
	w.register("auth_api", b.addr())
	for _, c := range []struct{ target, want string }{
		{"GET /api/auth_rpc/x", "404"},
		{"GET /api/../x/", "404"},
		{"POST /api/../api/auth/login", "404"},
		{"POST /api/./auth/login", "404"},
		{"GET /api/%00/", "404"},
		{"POST /api/AUTH/login", "404"},
		{"GET /api/unknown/x", "404"},
		{"GET /api//x", "404"},
		{"POST /api/auth//login", "404"},
		{"POST //api/auth/login", "404"},
		{"POST /api/auth/login/", "404"},
		{"POST /api/auth%2flogin", "404"},
		{"POST /api/auth/l%6fgin", "404"},
		{"POST /api/auth/login%0d%0ax", "404"},
		{"POST /api/auth\\login", "404"},
		{"GET /api/", "404"},
		{"GET /api", "404"},
		{"GET /api/auth/", "404"},
		{"GET /debug/pprof/", "404"},
		{"GET /metrics", "404"},
		{"GET /swagger", "404"},
		{"GET /api/" + strings.Repeat("a", 7000) + "/x", "404"},
		{"GET /api/" + strings.Repeat("a", 9000) + "/x", "400"},
		{"GET http://127.0.0.1:2379/v2/keys", "400"},
		{"GET http://127.0.0.1/api/settings/info", "400"},
		{"CONNECT 127.0.0.1:2379", "405"},
		{"TRACE /", "405"},
		{"BREW /api/auth/login", "405"},
		{"OPTIONS *", "404"},
		{"OPTIONS /api/auth/login", "405"},
		{"GET /?" + strings.Repeat("a&", 3000), "400"},
		{"GET /api/settings/info?a=1;b=2", "400"},
		{"GET /api/settings/info?a=%zz", "400"},
	} {
		line := w.raw(c.target + " HTTP/1.1\r\nHost: evil\r\nConnection: close\r\n\r\n")
		if !strings.HasPrefix(line, "HTTP/1.1 "+c.want) {
			t.Errorf("%.60s: %s, want %s", c.target, line, c.want)
		}
	}
	if b.asked.Load() != 0 {
		t.Error("an instance was asked")
	}
}

func TestBodies(t *testing.T) {
	t.Parallel()
	const maxFile = 1 << 20
	w := newWorld(t, func(c *config.Config) { c.Uploads[0].MaxBytes = maxFile })
	b := newBackend(t)
	w.register("auth_api", b.addr())
	w.register("file_api", b.addr())
	const limit = 256 << 10
	login, file := "/api/auth/login", "/api/file/file"
	for _, c := range []struct {
		name, path string
		body       io.Reader
		headers    []string
		status     int
	}{
		{"at the limit", login, ones(limit), []string{"Content-Type", jsonType}, 200},
		{"over the limit", login, ones(limit + 1), []string{"Content-Type", jsonType}, 413},
		{"chunked at the limit", login, chunked{ones(limit)}, []string{"Content-Type", jsonType}, 200},
		{"chunked over the limit", login, chunked{ones(limit + 1)}, []string{"Content-Type", jsonType}, 413},
		{"gzip", login, ones(10), []string{"Content-Type", jsonType, "Content-Encoding", "gzip"}, 415},
		{"gzip, no body", login, nil, []string{"Content-Encoding", "gzip"}, 415},
		{"multipart", login, ones(10), []string{"Content-Type", "multipart/form-data; boundary=x"}, 415},
		{"multipart, shouted", login, ones(10), []string{"Content-Type", " MULTIPART/mixed;;"}, 415},
		{"upload at the limit", file, ones(maxFile), []string{"Content-Type", "multipart/form-data; boundary=x"}, 200},
		{"upload over the limit", file, ones(maxFile + 1), []string{"Content-Type", "multipart/form-data; boundary=x"}, 413},
		{"chunked upload at the limit", file, chunked{ones(maxFile)}, []string{"Content-Type", "multipart/form-data; boundary=x"}, 200},
		{"chunked upload over the limit", file, chunked{ones(maxFile + 1)}, []string{"Content-Type", "multipart/form-data; boundary=x"}, 413},
		{"upload, gzip", file, ones(10), []string{"Content-Encoding", "gzip"}, 415},
	} {
		got := w.do(http.MethodPost, c.path, c.body, append(c.headers, "Token", access(t, 7))...)
		if got.StatusCode != c.status {
			t.Errorf("%s: %d %.200s", c.name, got.StatusCode, got.body)
		}
		if got.StatusCode == 200 && c.path == login && got.seen(t).Length < 0 {
			t.Errorf("%s: forwarded without a length", c.name)
		}
	}
}

// TestPartsAreTakenAsTheyCome sends raw bodies where they belong, and
// elsewhere.
func TestPartsAreTakenAsTheyCome(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := newBackend(t)
	w.register("file_api", b.addr())
	const most, part = 16<<20 + 64<<10, "/api/file/multipart/AAAAAAAAAAAAAAAAAAAAAA/3"
	for _, c := range []struct {
		name, method, path string
		body               io.Reader
		status             int
	}{
		{"at the limit", http.MethodPut, part, ones(most), 200},
		{"over the limit", http.MethodPut, part, ones(most + 1), 413},
		{"chunked at the limit", http.MethodPut, part, chunked{ones(most)}, 200},
		{"chunked over the limit", http.MethodPut, part, chunked{ones(most + 1)}, 413},
		{"no part", http.MethodPut, part + "/4", ones(256<<10 + 1), 413},
		{"posted", http.MethodPost, part, ones(256<<10 + 1), 413},
		{"to complete", http.MethodPost, "/api/file/multipart/AAAAAAAAAAAAAAAAAAAAAA/complete", ones(256<<10 + 1), 413},
	} {
		got := w.do(c.method, c.path, c.body, "Token", access(t, 7), "Content-Type", "application/octet-stream")
		if got.StatusCode != c.status {
			t.Errorf("%s: %d %.200s", c.name, got.StatusCode, got.body)
		}
	}
}

func TestAnswerHeaders(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := newBackend(t)
	w.register("settings_api", b.addr())
	for _, path := range []string{"/api/settings/info", "/api/unknown", "/", "/healthz"} {
		got := w.do(http.MethodGet, path, nil)
		for name, want := range map[string]int{"X-Content-Type-Options": 1, "X-Request-Id": 1, "Server": 0, "Access-Control-Allow-Origin": 0} {
			if n := len(got.Header.Values(name)); n != want {
				t.Errorf("%s: %d of %s", path, n, name)
			}
		}
	}
}

func TestOrigins(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := newBackend(t)
	w.register("settings_api", b.addr())
	for _, c := range []struct{ origin, allowed string }{
		{"https://tudo.example", "https://tudo.example"},
		{"https://evil.example", ""},
		{"https://tudo.example.evil.io", ""},
		{"http://tudo.example", ""},
		{"null", ""},
	} {
		got := w.do(http.MethodGet, "/api/settings/info", nil, "Origin", c.origin)
		if got.StatusCode != 200 || got.Header.Get("Access-Control-Allow-Origin") != c.allowed || got.Header.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("%s: %d %v", c.origin, got.StatusCode, got.Header)
		}
		asked := b.asked.Load()
		got = w.do(http.MethodOptions, "/api/settings/info", nil, "Origin", c.origin, "Access-Control-Request-Method", "GET")
		want := http.StatusNoContent
		if c.allowed == "" {
			want = http.StatusForbidden
		}
		if got.StatusCode != want || got.Header.Get("Access-Control-Allow-Origin") != c.allowed || b.asked.Load() != asked {
			t.Errorf("preflight of %s: %d %v", c.origin, got.StatusCode, got.Header)
		}
	}
}

func TestInstances(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	one, two := newBackend(t), newBackend(t)
	w.register("auth_api", one.addr(), two.addr(), deadAddr(t), "169.254.169.254:80", "no address", "x:0")
	for i := range 20 { // also what is not repeatable: a refused connection has done nothing
		if got := w.do(http.MethodPost, "/api/auth/login", ones(3), "Content-Type", jsonType); got.StatusCode != 200 || got.seen(t).Body != "111" {
			t.Fatalf("request %d: %d %s", i, got.StatusCode, got.body)
		}
	}
	if one.asked.Load() < 5 || two.asked.Load() < 5 {
		t.Errorf("not in turn: %d and %d of 20", one.asked.Load(), two.asked.Load())
	}
	one.CloseClientConnections()
	one.Close()
	for i := range 10 {
		if got := w.do(http.MethodGet, "/api/settings/info", nil); got.StatusCode != 503 {
			t.Fatalf("no instance: %d", got.StatusCode)
		}
		if got := w.do(http.MethodPost, "/api/auth/login", ones(3), "Content-Type", jsonType); got.StatusCode != 200 {
			t.Errorf("request %d after a death: %d %s", i, got.StatusCode, got.body)
		}
	}
}

func TestOnlyWhatAsksIsRepeated(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := newBackend(t)
	broken := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		b.asked.Add(100)
		conn, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			_ = conn.Close()
		}
	}))
	t.Cleanup(broken.Close)
	w.register("auth_api", b.addr(), broken.Listener.Addr().String())
	w.register("settings_api", b.addr(), broken.Listener.Addr().String())
	for range 4 {
		if got := w.do(http.MethodGet, "/api/settings/info", nil); got.StatusCode != 200 {
			t.Errorf("GET: %d %s", got.StatusCode, got.body)
		}
	}
	failed, asked := 0, b.asked.Load()
	for range 4 {
		if got := w.do(http.MethodPost, "/api/auth/login", ones(3), "Content-Type", jsonType); got.StatusCode == 503 {
			failed++
		}
	}
	if asked = b.asked.Load() - asked; failed != 2 || asked != 202 {
		t.Errorf("POST: %d failed, %d good and %d broken were asked", failed, asked%100, asked/100)
	}
}

func TestSite(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, c := range []struct {
		method, path string
		status       int
		has          string
	}{
		{http.MethodGet, "/", 200, "Tudo IM"},
		{http.MethodGet, "/healthz", 200, ""},
		{http.MethodHead, "/healthz", 200, ""},
		{http.MethodPost, "/healthz", 404, ""},
		{http.MethodGet, "/readyz", 503, `"missing":["etcd"]`},
		{http.MethodGet, "/index.html", 404, "10006"},
	} {
		got := w.do(c.method, c.path, nil)
		if got.StatusCode != c.status || !strings.Contains(got.body, c.has) || strings.Contains(got.body, "10.0.0.1") {
			t.Errorf("%s %s: %d %s", c.method, c.path, got.StatusCode, got.body)
		}
	}
}

func TestDownloadsAreStreamed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	more := make(chan struct{})
	file := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprint(w, "first")
		_ = http.NewResponseController(w).Flush()
		select {
		case <-more:
			_, _ = fmt.Fprint(w, " second")
		case <-r.Context().Done():
		}
	}))
	t.Cleanup(file.Close)
	w.register("file_api", file.Listener.Addr().String())
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.server.URL+"/api/file/x", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Token", access(t, 7))
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b := make([]byte, 5)
	if _, err := io.ReadFull(resp.Body, b); err != nil || string(b) != "first" {
		t.Fatalf("%q, %v", b, err)
	}
	close(more)
	if rest, err := io.ReadAll(resp.Body); err != nil || string(rest) != " second" {
		t.Errorf("%q, %v", rest, err)
	}
}

func TestAddressesAtTheirLimits(t *testing.T) {
	t.Parallel()
	for name, limits := range map[string]config.Limits{
		"as a site has them": {URLBytes: 8192, Params: 100},
		"as configured":      {URLBytes: 1024, Params: 10},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, func(c *config.Config) { c.Limits.URLBytes, c.Limits.Params = limits.URLBytes, limits.Params })
			w.register("settings_api", newBackend(t).addr())
			const path = "/api/settings/info?"
			for what, c := range map[string]struct {
				query  string
				status int
			}{
				"as long as may be": {strings.Repeat("a", limits.URLBytes-len(path)), 200},
				"one longer":        {strings.Repeat("a", limits.URLBytes-len(path)+1), 400},
				"as many as may be": {strings.Repeat("a=1&", limits.Params-1) + "a=1", 200},
				"one more":          {strings.Repeat("a=1&", limits.Params) + "a=1", 400},
			} {
				if got := w.do(http.MethodGet, path+c.query, nil); got.StatusCode != c.status {
					t.Errorf("%s: %d %s", what, got.StatusCode, got.body)
				}
			}
		})
	}
}

// TestConnectionsHaveLimits sends what takes too long or is too much before the
// handler sees it.
func TestConnectionsHaveLimits(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *config.Config) {
		c.Limits.HeaderSeconds, c.Limits.BodySeconds, c.Limits.IdleSeconds = 3, 1, 1
		c.Limits.UploadSeconds = 1
	})
	b := newBackend(t)
	w.register("settings_api", b.addr())
	w.register("auth_api", b.addr())
	w.register("file_api", b.addr())
	const get, post = "GET /api/settings/info HTTP/1.1\r\nHost: x\r\n", "POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
	// What net/http lets through beyond what it is told (its "slop").
	const limit = 16<<10 + 4<<10
	long := func(n int) string {
		return get + "X: " + strings.Repeat("a", n-len(get)-len("X: \r\n\r\n")) + "\r\n\r\n"
	}
	for name, c := range map[string]struct{ sent, answer string }{
		"headers at the limit":     {long(limit), "HTTP/1.1 200"},
		"headers past it":          {long(limit + 1), "HTTP/1.1 431"},
		"a header that never ends": {get + "X: a", ""},
		"no header at all":         {"", ""},
		"a body that never ends":   {post + "Content-Length: 10\r\n\r\n1", "HTTP/1.1 400"},
		"a chunk that never ends":  {post + "Transfer-Encoding: chunked\r\n\r\na\r\n1", "HTTP/1.1 400"},
		"a body nobody asked for":  {"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n1", "HTTP/1.1 200"},
		"a body on no path":        {"POST /api//x HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n1", "HTTP/1.1 404"},
		"a body of nobody":         {"POST /api/user/x HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n1", "HTTP/1.1 401"},
		"an upload that never ends": {
			"PUT /api/file/multipart/u/1 HTTP/1.1\r\nHost: x\r\nToken: " + access(t, 7) + "\r\nContent-Length: 10\r\n\r\n1", "HTTP/1.1 ",
		},
		"nothing behind an answer": {get + "\r\n", "HTTP/1.1 200"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn, err := net.Dial("tcp", w.server.Listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
			if _, err := io.WriteString(conn, c.sent); err != nil {
				t.Fatal(err)
			}
			all, err := io.ReadAll(conn) // until we are cut
			var late net.Error
			if errors.As(err, &late) && late.Timeout() {
				t.Error("never cut")
			}
			if !strings.HasPrefix(string(all), c.answer) || c.answer == "" && len(all) > 0 {
				t.Errorf("%.100q, %v", all, err)
			}
		})
	}
}

// TestFaultsOfOursComeInTheEnvelope: an instance may fall without a word.
func TestFaultsOfOursComeInTheEnvelope(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		status, err := strconv.Atoi(r.URL.Query().Get("status"))
		if err != nil {
			t.Error(err)
		}
		if media := r.URL.Query().Get("media"); media != "" {
			rw.Header().Set("Content-Type", media)
		}
		rw.WriteHeader(status)
		_, _ = io.WriteString(rw, r.URL.Query().Get("body"))
	}))
	t.Cleanup(b.Close)
	w.register("settings_api", b.Listener.Addr().String())
	for _, c := range []struct {
		query        string
		status, code int
		body         string
	}{
		{"status=503&body=Request+Timeout", 503, 10010, ""},
		{"status=500", 500, 10500, ""},
		{"status=502&media=text/html&body=x", 500, 10500, ""},
		{"status=503&media=application/json%3Bcharset=utf-8&body={}", 503, 0, "{}"},
		{"status=404&media=text/plain&body=x", 404, 0, "x"},
	} {
		got := w.do(http.MethodGet, "/api/settings/info?"+c.query, nil)
		if got.StatusCode != c.status || got.code() != c.code || c.body != "" && got.body != c.body {
			t.Errorf("%s: %d %s", c.query, got.StatusCode, got.body)
		}
	}
}
