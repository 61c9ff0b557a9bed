package proxy

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc"

	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/core/conf"
	"tudoIM/core/embedded"
	"tudoIM/core/registry"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
	"tudoIM/tudoIM_gateway/internal/auth"
	"tudoIM/tudoIM_gateway/internal/config"
)

var (
	secret = []byte("0123456789abcdef0123456789abcdef")
	key    = token.Key(secret, "identity")
	etcd   string
)

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "gateway")
	if err != nil {
		panic(err)
	}
	server, err := embedded.StartEtcd(filepath.Join(dir, "etcd"))
	if err != nil {
		panic(err)
	}
	etcd = server.Addr()
	code := m.Run()
	server.Close(0)
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// rpc is a fake auth_rpc: session 9 has ended, 8 cannot be asked for.
type rpc struct{ redeemed atomic.Int32 }

func (r *rpc) Check(_ context.Context, in *auth_rpc.CheckRequest, _ ...grpc.CallOption) (*auth_rpc.CheckResponse, error) {
	switch in.SessionId {
	case 9:
		return nil, errs.Kicked
	case 8:
		return nil, errs.Unavailable
	}
	return &auth_rpc.CheckResponse{}, nil
}

func (r *rpc) RedeemTicket(_ context.Context, in *auth_rpc.RedeemTicketRequest, _ ...grpc.CallOption) (*auth_rpc.RedeemTicketResponse, error) {
	if in.Ticket != "good" || r.redeemed.Add(1) > 1 {
		return nil, errs.Unauthorized
	}
	return &auth_rpc.RedeemTicketResponse{UserId: 2, SessionId: 7, ExpiresAt: 1 << 40}, nil
}

// world is a gateway with what is behind it.
type world struct {
	t       *testing.T
	prefix  string // of the etcd keys: known addresses outlive a test
	gateway *Gateway
	server  *httptest.Server
	rpc     *rpc
}

func newWorld(t *testing.T, change ...func(c *config.Config)) *world {
	t.Helper()
	var c config.Config
	if err := conf.Load("../../etc/gateway.yaml", &c, func(string) (string, bool) { return "", false }); err != nil {
		t.Fatal(err)
	}
	c.AccessLog = false
	c.Rates = freely()
	c.Origins = "https://tudo.example"
	for _, f := range change {
		f(&c)
	}
	client, err := registry.Client(etcd)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, rpc: &rpc{}, prefix: rand.Text() + "/"}
	site := Site(func(context.Context) map[string]string { return map[string]string{"etcd 10.0.0.1:2379": "away"} }, func() bool { return false })
	w.gateway, err = New(c, auth.NewGuard(secret, token.LinkKey(secret), w.rpc), key, func(name string) func() []string {
		return registry.Watch(client, w.prefix+name).Addrs
	}, site)
	if err != nil {
		t.Fatal(err)
	}
	w.server = httptest.NewUnstartedServer(w.gateway)
	w.server.Config.DisableGeneralOptionsHandler = true // as core/run's Edge
	Bound(w.server.Config, c.Limits)
	w.server.Start()
	t.Cleanup(w.server.Close)
	return w
}

// freely are rates that no test here meets.
func freely() config.Rates {
	const much = "1000000/s"
	return config.Rates{User: much, IP: much, Upgrade: much, Refused: much, UploadBytes: "10000000/s burst 1000000000"}
}

// register makes addrs known as instances of name and waits until they are.
func (w *world) register(name string, addrs ...string) {
	w.t.Helper()
	client, err := registry.Client(etcd)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, addr := range addrs {
		ctx, stop := context.WithCancel(context.Background())
		done := make(chan struct{})
		go func() { registry.Register(ctx, client, w.prefix+name, addr); close(done) }()
		w.t.Cleanup(func() { stop(); <-done })
	}
	await(w.t, "instances", func() bool { return len(w.gateway.pools[strings.TrimSuffix(name, "_api")].addrs()) == len(addrs) })
}

// backend is an instance that says what reached it.
type backend struct {
	*httptest.Server
	asked atomic.Int32
}

// seen is what a backend answers.
type seen struct {
	Identity token.Identity
	Verified bool
	Path     string
	Query    string
	Header   http.Header
	Body     string
	Length   int64
}

func newBackend(t *testing.T) *backend {
	b := &backend{}
	b.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b.asked.Add(1)
		id, err := token.Verify(r, key)
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Server", "secret/1.0")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Access-Control-Allow-Origin", "*")
		_ = json.NewEncoder(w).Encode(seen{id, err == nil, r.URL.Path, r.URL.RawQuery, r.Header, string(body), r.ContentLength})
	}))
	t.Cleanup(b.Close)
	return b
}

func (b *backend) addr() string { return b.Listener.Addr().String() }

// deadAddr is an address that refuses connections.
func deadAddr(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func access(t *testing.T, session uint64) string {
	t.Helper()
	raw, err := token.Issue(secret, token.Identity{UserID: 2, SessionID: session, Role: 2}, time.Now(), time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// reply is an answer read to its end.
type reply struct {
	*http.Response
	body string
}

func (r reply) code() int {
	var env struct{ Code int }
	_ = json.Unmarshal([]byte(r.body), &env)
	return env.Code
}

func (r reply) seen(t *testing.T) seen {
	t.Helper()
	var s seen
	if err := json.Unmarshal([]byte(r.body), &s); err != nil {
		t.Fatalf("%d %s", r.StatusCode, r.body)
	}
	return s
}

func (w *world) do(method, path string, body io.Reader, headers ...string) reply {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, w.server.URL+path, body)
	if err != nil {
		w.t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header[headers[i]] = append(r.Header[headers[i]], headers[i+1]) // as spelt
	}
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return reply{resp, string(text)}
}

// raw sends text as it is and returns the first line of the answer.
func (w *world) raw(text string) string {
	w.t.Helper()
	conn, err := net.Dial("tcp", w.server.Listener.Addr().String())
	if err != nil {
		w.t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
	_, _ = io.WriteString(conn, text)
	b := make([]byte, 4096)
	n, _ := conn.Read(b)
	line, _, _ := strings.Cut(string(b[:n]), "\r\n")
	return line
}

func await(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for end := time.After(10 * time.Second); !ok(); {
		select {
		case <-tick.C:
		case <-end:
			t.Fatalf("%s: not within 10 s", what)
		}
	}
}

// chunked hides its length.
type chunked struct{ io.Reader }

func ones(n int) io.Reader { return strings.NewReader(strings.Repeat("1", n)) }
