package hostile

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"

	"tudoIM/test/client"
	"tudoIM/test/suite"
	"tudoIM/utils/ports"
)

const me = "/api/user/user_info"

// raw writes bytes to addr as they are and returns the answers that come until
// the other side closes, or hold passes without a byte.
func raw(t *testing.T, addr, bytes string, hold time.Duration) (answers string, closed bool) {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	must(t, "connect", err)
	defer conn.Close()
	go func() { _, _ = io.WriteString(conn, bytes) }() // it may be cut while we write
	var got strings.Builder
	buf := make([]byte, 4<<10)
	for {
		must(t, "deadline", conn.SetReadDeadline(time.Now().Add(hold)))
		n, err := conn.Read(buf)
		got.Write(buf[:n])
		if err != nil {
			return got.String(), !errors.Is(err, os.ErrDeadlineExceeded)
		}
	}
}

// statuses are those of answers on one connection.
func statuses(answers string) (all []string) {
	for _, part := range strings.Split(answers, "HTTP/1.1 ")[1:] {
		all = append(all, part[:min(3, len(part))])
	}
	return all
}

// rowsOfIdentity are row G1: whoever is claimed in headers, one is who one's
// token says, or nobody.
func rowsOfIdentity(t *testing.T, w *stage) {
	bob := fmt.Sprint(w.bob.UserID)
	forged := http.Header{}
	for _, name := range []string{
		"User-ID", "User-Id", "user-id", "User_ID", "user_id", "X-User-Id", "x-user_id", "Userid", "UserId", "Session-Id", "Device-Id", "Client-Ip", "X-Real-Ip",
		"X-Forwarded-For", "Forwarded", "X-Request-Id", "Expires-At", "Identity-Signature", "Token-User",
	} {
		forged[name] = []string{bob, bob}
	}
	forged["Role"], forged["role"], forged["X-Role"] = []string{"1", "1"}, []string{"1"}, []string{"1"}
	forged["Connection"] = []string{"User-Id, Role, Identity-Signature, Session-Id"} // a hop that drops the gateway's own
	status, answer := w.send(t, row{"as ann", w.gateway(), w.ann, "GET", me, forged, nil, 200, 0, false, ""})
	if status != 200 || !strings.Contains(string(answer), fmt.Sprintf(`"userId":%d,`, w.ann.UserID)) || strings.Contains(string(answer), `"role":1`) {
		t.Errorf("ann is %s", answer)
	}
	rows := []row{
		{"as nobody", w.gateway(), nil, "GET", me, forged, nil, 401, 10002, false, ""},
		{"as an administrator", w.gateway(), w.ann, "GET", "/api/user/admin/users", forged, nil, 403, 10005, false, ""},
		{"in the query", w.gateway(), nil, "GET", me + "?userId=" + bob + "&User-Id=" + bob, nil, nil, 401, 10002, false, ""},
	}
	// Where nobody has to be logged in, nobody is, with a good token, too.
	for _, r := range [][2]string{{"GET", "/api/settings/info"}, {"GET", "/api/settings/open_login"}, {"GET", "/api/auth/open_login"}} {
		for _, who := range []*client.Client{nil, w.ann} {
			rows = append(rows, row{"public", w.gateway(), who, r[0], r[1], forged, nil, 200, 0, false, ""})
		}
	}
	for _, path := range []string{"login", "register", "refresh", "open_login"} {
		for _, who := range []*client.Client{nil, w.ann} {
			rows = append(rows, row{"public", w.gateway(), who, "POST", "/api/auth/" + path, forged, object{}, 400, 0, false, ""})
		}
	}
	w.play(t, rows...)
}

// rowsOfPaths are rows G6, G7 and G24.
func rowsOfPaths(t *testing.T, w *stage) {
	for _, c := range []struct{ target, want string }{
		{"GET /api/auth_rpc/x", "404"}, {"GET /api/user_rpc.User/Info", "404"}, {"GET /api/etcd/x", "404"}, {"GET /api/../x/", "404"}, {"GET /api/../metrics", "404"},
		{"POST /api/x/../auth/login", "404"}, {"POST /api/./auth/login", "404"}, {"GET /api/%00/", "404"}, {"GET /api/%2e%2e/metrics", "404"}, {"POST /api/AUTH/login", "404"},
		{"GET /api/unknown/x", "404"}, {"GET /api//x", "404"}, {"POST /api/auth//login", "404"}, {"POST //api/auth/login", "404"}, {"POST /api/auth/login/", "404"},
		{"POST /api/auth%2flogin", "404"}, {"POST /api/auth/l%6fgin", "404"}, {"POST /api/auth/login%0d%0aX: y", "400"}, {"POST /api/auth/login%zz", "400"}, {"POST /api/auth\\login", "404"},
		{"POST /api/auth/authentication", "404"}, {"POST /api/auth/authentication?ValidPath=/", "404"}, {"GET /api/", "404"}, {"GET /api", "404"}, {"GET /api/*/", "404"},
		{"GET /api/" + strings.Repeat("a", 7000) + "/x", "404"}, {"GET /api/" + strings.Repeat("a", 10_000) + "/x", "400"}, {"GET /api/auth_api%00/x", "404"}, {"GET x", "400"},
		{"GET http://127.0.0.1:2379/v2/keys", "400"}, {"GET http://" + w.doors["user_api"] + me, "400"}, {"GET http:///x", "400"}, {"GET file:///etc/passwd", "400"},
		{"CONNECT 127.0.0.1:2379", "405"}, {"CONNECT " + w.doors["user_rpc"], "405"}, {"TRACE /", "405"}, {"BREW /api/auth/login", "405"}, {"PRI *", "40"}, {"OPTIONS *", "404"},
		{"GET /debug/pprof/", "404"}, {"GET /debug/pprof/heap", "404"}, {"GET /debug/vars", "404"}, {"GET /metrics", "404"}, {"GET /swagger", "404"}, {"GET /.git/config", "404"},
		{"GET /openapi/../../etc/passwd", "404"}, {"GET /index.html", "404"}, {"GET /healthz", "200"}, {"GET /healthz/../metrics", "404"}, {"POST /healthz", "404"},
	} {
		for _, host := range []string{"evil", "127.0.0.1:2379"} {
			answers, _ := raw(t, w.s.Half("gateway")[0].Addr, c.target+" HTTP/1.1\r\nHost: "+host+"\r\nConnection: close\r\n\r\n", quick)
			if !strings.HasPrefix(answers, "HTTP/1.1 "+c.want) {
				t.Errorf("%.80s of %s: %.200q, want %s", c.target, host, answers, c.want)
			}
			if c.want != "200" {
				_, body, _ := strings.Cut(answers, "\r\n\r\n")
				told(t, c.target, []byte(body), []byte(c.target))
			}
		}
	}
	// What is inside is not to be had at the doors of the halves, either, and
	// nowhere is what tells of memory.
	for _, m := range w.s.Members {
		for _, path := range []string{"/debug/pprof/", "/debug/pprof/profile?seconds=1", "/debug/vars", "/swagger", "/configz"} {
			resp, err := http.Get("http://" + m.Inner + path)
			must(t, path, err)
			resp.Body.Close()
			if resp.StatusCode != http.StatusNotFound {
				t.Errorf("%s%s: %s", m.Name, path, resp.Status)
			}
		}
	}
	for name := range w.doors {
		if !strings.HasSuffix(name, "_api") {
			continue
		}
		for _, path := range []string{"/metrics", "/debug/pprof/", "/healthz", "/swagger", "/"} {
			w.send(t, row{"G24", w.bare(name), nil, "GET", path, nil, nil, 404, 10006, false, ""})
		}
	}
}

// rowsOfSmuggling are row G8: what two readers could take for different
// requests is refused, and nothing behind it is read.
func rowsOfSmuggling(t *testing.T, w *stage) {
	const login, behind = "POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n", "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
	// Go's server goes by the chunks where there is a length as well, as RFC 9112
	// §6.3 has it, and takes a folded line for one. So does whoever the gateway asks: what it passes on has a
	// length of its own, and the same headers as it saw. What is behind is a
	// request of its own to both.
	clear := map[string]bool{"CL.TE": true, "TE.CL": true, "a folded header": true}
	for _, door := range []string{w.s.Half("gateway")[0].Addr, w.doors["auth_api"]} {
		for name, request := range map[string]string{
			"CL.TE":                         login + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
			"TE.CL":                         login + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
			"another encoding":              login + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
			"two encodings":                 login + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
			"chunked, identity":             login + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
			"gzip, chunked":                 login + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
			"chunked after a tab":           login + "Transfer-Encoding:\tchunked\x0b\r\n\r\n0\r\n\r\n",
			"a blank before the colon":      login + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
			"two lengths":                   login + "Content-Length: 2\r\nContent-Length: 40\r\n\r\n{}",
			"two lengths in one":            login + "Content-Length: 2, 40\r\n\r\n{}",
			"a length with a sign":          login + "Content-Length: +2\r\n\r\n{}",
			"a negative length":             login + "Content-Length: -1\r\n\r\n{}",
			"a length in hex":               login + "Content-Length: 0x2\r\n\r\n{}",
			"a length past numbers":         login + "Content-Length: 99999999999999999999\r\n\r\n{}",
			"a folded header":               login + "X-A: b\r\n Content-Length: 40\r\nContent-Length: 2\r\n\r\n{}",
			"a folded header at the start":  "GET /healthz HTTP/1.1\r\n X: y\r\nHost: x\r\n\r\n",
			"a bare carriage return":        login + "X-A: b\rContent-Length: 40\r\nContent-Length: 2\r\n\r\n{}",
			"NUL in a header":               login + "X-A: b\x00c\r\nContent-Length: 2\r\n\r\n{}",
			"a header without a name":       login + ": x\r\nContent-Length: 2\r\n\r\n{}",
			"a header without a colon":      login + "X\r\nContent-Length: 2\r\n\r\n{}",
			"two hosts":                     "GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
			"no host":                       "GET /healthz HTTP/1.1\r\n\r\n",
			"a chunk of another length":     login + "Transfer-Encoding: chunked\r\n\r\n5\r\n{}\r\n0\r\n\r\n",
			"a chunk without a length":      login + "Transfer-Encoding: chunked\r\n\r\n\r\n{}\r\n0\r\n\r\n",
			"a chunk of -1":                 login + "Transfer-Encoding: chunked\r\n\r\n-1\r\n{}\r\n0\r\n\r\n",
			"a chunk of 2^64":               login + "Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\n{}\r\n0\r\n\r\n",
			"extensions of chunks":          login + "Transfer-Encoding: chunked\r\n\r\n2;" + strings.Repeat("x", 64<<10) + "\r\n{}\r\n0\r\n\r\n",
			"another version":               "GET /healthz HTTP/9.9\r\nHost: x\r\n\r\n",
			"no version":                    "GET /healthz\r\n\r\n",
			"the beginning of HTTP/2":       "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
			"TLS":                           "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + strings.Repeat("\x00", 600) + "\r\n\r\n",
			"Redis":                         "*1\r\n$4\r\nPING\r\n\r\n",
			"nothing but ends of lines":     strings.Repeat("\r\n", 1000),
			"a header that never has ended": login + strings.Repeat("X-A: "+strings.Repeat("b", 1000)+"\r\n", 100),
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				answers, closed := raw(t, door, request+behind, 2*time.Second)
				got := statuses(answers)
				if clear[name] && len(got) == 2 && got[0][0] == '4' {
					return
				}
				if len(got) > 1 || len(got) == 1 && got[0][0] != '4' && got[0] != "501" && got[0] != "505" || !closed {
					t.Errorf("answered %v, closed %t: %.300q", got, closed, answers)
				}
			})
		}
	}
}

// rowsOfInstances are row G9: addresses in etcd that somebody else has put
// there are not gone to, and nobody notices them.
func rowsOfInstances(t *testing.T, w *stage) {
	if w.s.Mode == suite.One {
		return // its etcd is inside, and has no client but the process itself; see doc.go
	}
	etcd, err := clientv3.New(clientv3.Config{Endpoints: []string{w.s.Etcd.Addr()}, DialTimeout: patience})
	must(t, "etcd", err)
	defer func() { _ = etcd.Close() }()
	// An instance that would answer, outside of TUDO_NETWORKS.
	spy, err := net.Listen("tcp", "127.0.0.2:0")
	must(t, "listen", err)
	defer spy.Close()
	var called atomic.Int32
	go func() {
		for {
			conn, err := spy.Accept()
			if err != nil {
				return
			}
			called.Add(1)
			_ = conn.Close()
		}
	}()
	dead, err := ports.Take()
	must(t, "a port", err)
	for i, addr := range []string{
		spy.Addr().String(), "[::ffff:127.0.0.2]:" + strconv.Itoa(spy.Addr().(*net.TCPAddr).Port), "evil.invalid:80", "169.254.169.254:80", "0.0.0.0:80", "[::]:80", "", ":80", "x", "127.0.0.1",
		"127.0.0.1:0", "127.0.0.1:99999", "127.0.0.1:80/x", "user@127.0.0.1:80", "127.0.0.1:80\r\nX: y", "[::1]:" + strconv.Itoa(dead), "::1:20022", "[fe80::1%lo]:80",
		"/run/x.sock:1", strings.Repeat("a", 1<<20) + ":80", "\x00\xff:80", w.s.Redis.URL(),
	} {
		// Behind it one that answers: when it is asked, both are known.
		var asked atomic.Int32
		behind := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			asked.Add(1)
			w.Header().Set("Content-Type", "application/json; charset=utf-8")
			_, _ = io.WriteString(w, `{"code":0}`)
		}))
		rogue, good := fmt.Sprint("user_api/rogue-", i), fmt.Sprint("user_api/good-", i)
		_, err := etcd.Put(ctx(t), rogue, addr)
		must(t, "put", err)
		_, err = etcd.Put(ctx(t), good, behind.Listener.Addr().String())
		must(t, "put", err)
		ask := func() {
			w.send(t, row{fmt.Sprintf("G9 %.40q", addr), w.gateway(), w.ann, "GET", me, nil, nil, 200, 0, false, ""})
		}
		if !until(t, func(context.Context) bool { ask(); return asked.Load() > 0 }) {
			t.Errorf("G9 %.40q: the address behind it is never asked", addr)
		}
		for range 6 {
			ask()
		}
		for _, key := range []string{rogue, good} {
			_, err = etcd.Delete(ctx(t), key)
			must(t, "delete", err)
		}
		if !until(t, func(context.Context) bool { n := asked.Load(); ask(); ask(); ask(); return asked.Load() == n }) {
			t.Errorf("G9 %.40q: what has gone is asked", addr)
		}
		behind.Close()
	}
	if n := called.Load(); n != 0 {
		t.Errorf("an address outside of the networks was called %d times", n)
	}
}

// rowsOfIPv6 are row G10: clients come over IPv6 as well.
func rowsOfIPv6(t *testing.T, w *stage) {
	if w.s.Mode == suite.One {
		return // a second gateway cannot find the etcd that is inside; see doc.go
	}
	port, err := ports.Take()
	must(t, "a port", err)
	addr := net.JoinHostPort("::1", strconv.Itoa(port))
	cmd := w.s.Command("gateway")
	cmd.Dir = suite.Folder("gateway")
	cmd.Env = append(cmd.Env, "TUDO_GATEWAY_ADDR="+addr, "TUDO_GATEWAY_INNER_ADDR=off")
	p, err := suite.StartProcess(cmd, w.s.Dir+"/gateway-ipv6.log")
	must(t, "a gateway", err)
	defer p.Stop(patience)
	six := client.New("http://" + addr)
	six.AccessToken = w.ann.AccessToken
	if !until(t, func(c context.Context) bool { err = six.Call(c, http.MethodGet, me, nil, nil); return err == nil }) {
		t.Fatalf("over IPv6: %v", err)
	}
	s, err := six.Dial(ctx(t))
	must(t, "a socket over IPv6", err)
	s.Close()
}

// rowsOfSlowClients are row G18: who is slow is cut, and costs nobody else.
func rowsOfSlowClients(t *testing.T, w *stage) {
	addr := w.s.Half("gateway")[0].Addr
	const idle = 500
	var wg sync.WaitGroup
	slow := map[string]struct {
		head, drip string
		within     time.Duration
	}{
		"a byte of the head a second": {"GET /healthz HTTP/1.1\r\nX-A: ", "b", 8 * time.Second},
		"a byte of a body a second": {
			"POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{", " ", 13 * time.Second,
		},
		"a chunk a second": {
			"POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\n \r\n", 13 * time.Second,
		},
		"an empty line a second": {"", "\r\n", 8 * time.Second},
	}
	for name, c := range slow {
		wg.Go(func() {
			conn, err := net.Dial("tcp", addr)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				return
			}
			defer conn.Close()
			begin, cut := time.Now(), make(chan struct{})
			go func() {
				_, _ = io.Copy(io.Discard, conn)
				close(cut)
			}()
			_, _ = io.WriteString(conn, c.head)
			tick := time.NewTicker(time.Second) // the pace of the row, not a wait
			defer tick.Stop()
			for {
				select {
				case <-cut:
					return
				case <-tick.C:
					_, _ = io.WriteString(conn, c.drip)
				}
				if time.Since(begin) > c.within {
					t.Errorf("%s: not cut after %v", name, c.within)
					return
				}
			}
		})
	}
	silent := make([]net.Conn, idle)
	for i := range silent {
		conn, err := net.Dial("tcp", addr)
		must(t, "connect", err)
		silent[i] = conn
		defer conn.Close()
	}
	for range 50 { // the others are served meanwhile
		w.send(t, row{"G18 beside the slow", w.gateway(), w.ann, "GET", me, nil, nil, 200, 0, false, ""})
	}
	for i, conn := range silent {
		must(t, "deadline", conn.SetReadDeadline(time.Now().Add(10*time.Second)))
		if _, err := bufio.NewReader(conn).ReadByte(); errors.Is(err, os.ErrDeadlineExceeded) {
			t.Fatalf("silent connection %d is kept", i)
		}
	}
	wg.Wait()
}

// rowsOfLargeHeads are row G21.
func rowsOfLargeHeads(t *testing.T, w *stage) {
	addr := w.s.Half("gateway")[0].Addr
	for name, c := range map[string]struct {
		request string
		want    []string
	}{
		"3,000 parameters":   {"GET " + me + "?" + strings.Repeat("a=1&", 3000) + " HTTP/1.1\r\n", []string{"400"}},
		"101 parameters":     {"GET " + me + "?" + strings.Repeat("a&", 100) + " HTTP/1.1\r\n", []string{"400"}},
		"100 KB of path":     {"GET /api/user/" + strings.Repeat("a", 100<<10) + " HTTP/1.1\r\n", []string{"400", "414", "431"}},
		"a header of 1 MB":   {"GET " + me + " HTTP/1.1\r\nX-A: " + strings.Repeat("b", 1<<20) + "\r\n", []string{"431"}},
		"1 MB of headers":    {"GET " + me + " HTTP/1.1\r\n" + strings.Repeat("X-A: "+strings.Repeat("b", 1000)+"\r\n", 1000), []string{"431"}},
		"a cookie of 8 KB":   {"GET " + me + " HTTP/1.1\r\nCookie: a=" + strings.Repeat("b", 8<<10) + "\r\n", []string{"401"}},
		"a cookie of 64 KB":  {"GET " + me + " HTTP/1.1\r\nCookie: a=" + strings.Repeat("b", 64<<10) + "\r\n", []string{"431"}},
		"a method of 100 KB": {strings.Repeat("G", 100<<10) + " / HTTP/1.1\r\n", []string{"400", "405", "431"}},
	} {
		answers, _ := raw(t, addr, c.request+"Host: x\r\nConnection: close\r\n\r\n", quick)
		got := statuses(answers)
		ok := false
		for _, want := range c.want {
			ok = ok || len(got) == 1 && got[0] == want
		}
		if !ok {
			t.Errorf("%s: %v, want one of %v: %.200q", name, got, c.want, answers)
		}
		_, body, _ := strings.Cut(answers, "\r\n\r\n")
		told(t, name, []byte(body), []byte(c.request))
	}
}

// rowsOfOrigins are row G22: pages of others may not read, and no page may
// with what a browser has kept.
func rowsOfOrigins(t *testing.T, w *stage) {
	host := w.s.Half("gateway")[0].Addr
	for _, origin := range []string{
		"https://evil.example", "null", "https://" + host + ".evil.io", "https://evil.io/" + host, "http://" + host + "@evil.io", "https://127.0.0.1", "*", "", "file://", "http://[::1]",
	} {
		for _, c := range []struct{ method, path string }{{"GET", "/api/settings/info"}, {"GET", me}, {"OPTIONS", me}, {"OPTIONS", "/api/auth/login"}, {"GET", "/"}, {"GET", "/none"}} {
			req, err := http.NewRequestWithContext(ctx(t), c.method, "http://"+host+c.path, nil)
			must(t, "request", err)
			req.Header["Origin"] = []string{origin}
			req.Header.Set("Access-Control-Request-Method", "POST")
			req.Header.Set("Access-Control-Request-Headers", "authorization")
			resp, err := requests.Do(req)
			must(t, "request", err)
			_, _ = io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
			for name := range resp.Header {
				if strings.HasPrefix(name, "Access-Control-") {
					t.Errorf("G22 %s %s from %s: %s: %s", c.method, c.path, origin, name, resp.Header.Get(name))
				}
			}
			if c.method == "OPTIONS" && resp.StatusCode != http.StatusForbidden {
				t.Errorf("G22 preflight from %q: %s", origin, resp.Status)
			}
		}
		s, err := dialRaw(t, w, w.ann, "", http.Header{"Origin": {origin}})
		if err == nil {
			s.Close()
			t.Errorf("G22 a socket for a page of %q", origin)
		}
	}
}

// logLine is what begins a line of its own in no log: afterwards looks for it.
const logLine = `{"level":"error","content":"hostile-line"`

// rowsOfLogLines are row G26: what would end a line of the log, and begin one.
func rowsOfLogLines(t *testing.T, w *stage) {
	addr := w.s.Half("gateway")[0].Addr
	for _, line := range []string{"\r\n", "\n", "\r", "\u2028", "\x1b[2K\r"} {
		words := "x" + line + logLine
		w.play(t,
			row{"G26 a nickname", w.gateway(), w.ann, "PUT", me, nil, object{"nickname": words[:30]}, 400, 10001, false, ""},
			row{"G26 a name to log in", w.gateway(), nil, "POST", "/api/auth/login", nil, object{"userName": words, "password": "x", "deviceId": "d", "platform": "web"}, 0, 0, false, ""},
			row{"G26 a device", w.gateway(), nil, "POST", "/api/auth/login", nil, object{"userName": w.ann.Name, "password": "x", "deviceId": words, "deviceName": words, "platform": "web"}, 400, 10001, false, ""},
			row{"G26 a device's name", w.gateway(), nil, "POST", "/api/auth/login", nil, object{"userName": w.ann.Name, "password": "x", "deviceId": "d", "deviceName": words, "platform": "web"}, 0, 0, false, ""},
			row{"G26 a search", w.gateway(), w.ann, "GET", "/api/user/search?key=" + url.QueryEscape(words), nil, nil, 0, 0, true, ""},
		)
		for _, request := range []string{
			"GET /api/user/x%0d%0a" + logLine + " HTTP/1.1\r\nHost: x\r\n", "GET /x" + line + logLine + " HTTP/1.1\r\nHost: x\r\n",
			"GET /x HTTP/1.1\r\nHost: x\r\nUser-Agent: x" + line + logLine + "\r\n", "GET /x HTTP/1.1\r\nHost: x\r\nX-Request-Id: x" + line + logLine + "\r\n",
			"GET /x HTTP/1.1\r\nHost: x\r\nTraceparent: x" + line + logLine + "\r\n", "GET /x HTTP/1.1\r\nHost: x" + line + logLine + "\r\n", "G" + line + logLine + " /x HTTP/1.1\r\nHost: x\r\n",
		} {
			raw(t, addr, request+"Connection: close\r\n\r\n", quick)
			raw(t, w.doors["user_api"], request+"Connection: close\r\n\r\n", quick)
		}
	}
}
