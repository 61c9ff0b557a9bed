package run

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/zeromicro/go-zero/rest"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/core/conf"
	"tudoIM/core/registry"
	"tudoIM/test/suite"
	"tudoIM/utils/ports"
)

const patience = 60 * time.Second

var secret = strings.Repeat("0123456789abcdef", 2)

func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline := time.After(patience)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("not in time: %s", what)
		}
	}
}

func startEtcd(t *testing.T) *suite.Etcd {
	t.Helper()
	if err := suite.RequireEtcd(); err != nil {
		t.Fatal(err)
	}
	e, err := suite.StartEtcd(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	return e
}

func half(t *testing.T, name, etcd string) conf.Half {
	t.Helper()
	addrs, err := ports.Loopback(1)
	if err != nil {
		t.Fatal(err)
	}
	return conf.Half{Name: name, Listen: addrs[0], Etcd: etcd, InternalSecret: secret, Networks: "127.0.0.0/8", DataDir: t.TempDir(), Timeout: 3000}
}

var errStore = errors.New("the store is away")

// echo does what it is told.
func echo(ctx context.Context, do string) (string, error) {
	switch do {
	case "refuse":
		return "", fmt.Errorf("logic: %w", errs.Conflict.With("field", "名"))
	case "break":
		return "", errors.New("password=hunter2")
	case "store":
		return "", fmt.Errorf("row 7: %w", errStore)
	case "panic":
		panic("password=hunter2")
	case "fault":
		_ = any(do).(int)
	case "down":
		return "", status.Error(codes.Unavailable, "another half")
	case "refused below":
		return "", errs.NotFound.GRPC()
	case "foreign":
		return "", status.Error(codes.PermissionDenied, "another library")
	case "hang":
		<-ctx.Done()
		return "", ctx.Err()
	}
	return do, nil
}

// echoService is a service as the generated ones are, but for its messages.
var echoService = grpc.ServiceDesc{
	ServiceName: "test.Echo", HandlerType: (*any)(nil),
	Methods: []grpc.MethodDesc{{MethodName: "Do", Handler: func(srv any, ctx context.Context, dec func(any) error, interceptor grpc.UnaryServerInterceptor) (any, error) {
		in := &wrapperspb.StringValue{}
		if err := dec(in); err != nil {
			return nil, err
		}
		info := &grpc.UnaryServerInfo{Server: srv, FullMethod: "/test.Echo/Do"}
		return interceptor(ctx, in, info, func(ctx context.Context, req any) (any, error) {
			out, err := echo(ctx, req.(*wrapperspb.StringValue).Value)
			if err != nil {
				return nil, err
			}
			return wrapperspb.String(out), nil
		})
	}}},
}

func do(ctx context.Context, cc grpc.ClientConnInterface, what string) (string, error) {
	out := &wrapperspb.StringValue{}
	err := cc.Invoke(ctx, "/test.Echo/Do", wrapperspb.String(what), out)
	return out.Value, err
}

// startEcho serves echo_rpc; it ends with the test binary, for servers of
// go-zero end with their process only.
func startEcho(t *testing.T, h conf.Half) *RPC {
	t.Helper()
	r, err := NewRPC(conf.RPC{Half: h}, func(s *grpc.Server) { s.RegisterService(&echoService, nil) })
	if err != nil {
		t.Fatal(err)
	}
	r.Unavailable(func(err error) bool { return errors.Is(err, errStore) })
	go r.Start()
	return r
}

func TestAnRPCHalfIsFoundAndAnswers(t *testing.T) {
	t.Parallel()
	etcd := startEtcd(t)
	h := half(t, "echo_rpc", etcd.Addr())
	caller := half(t, "caller_api", etcd.Addr())
	c, err := Client(caller, "echo_rpc")
	if err != nil {
		t.Fatal(err)
	}
	ready, err := newReady(caller)
	if err != nil {
		t.Fatal(err)
	}
	ready.Uses("echo_rpc")
	if _, err := do(t.Context(), c.Conn(), "x"); !errors.Is(err, errs.Unavailable) {
		t.Errorf("without an instance: %v", err)
	}
	if why := ready.Missing(t.Context())["echo_rpc"]; why != "no instance is registered" {
		t.Errorf("without an instance it lacks echo_rpc for %q", why)
	}
	startEcho(t, h)
	until(t, "it answers", func() bool { out, err := do(t.Context(), c.Conn(), "x"); return err == nil && out == "x" })
	until(t, "nothing is missing", func() bool { return len(ready.Missing(t.Context())) == 0 })

	for _, e := range []struct {
		do   string
		want *errs.Error
		data map[string]string
	}{
		{"refuse", errs.Conflict, map[string]string{"field": "名"}},
		{"break", errs.Internal, nil},
		{"store", errs.Unavailable, nil},
		{"panic", errs.Internal, nil},
		{"fault", errs.Internal, nil},
		{"down", errs.Unavailable, nil},
		{"refused below", errs.NotFound, nil},
		{"foreign", errs.Internal, nil},
		{"hang", errs.Unavailable, nil},
	} {
		t.Run(e.do, func(t *testing.T) {
			t.Parallel()
			_, err := do(t.Context(), c.Conn(), e.do)
			var got *errs.Error
			if !errors.As(err, &got) || got.Code != e.want.Code || !maps.Equal(got.Data, e.data) {
				t.Errorf("%v, want %v %v", err, e.want, e.data)
			}
			if err != nil && strings.Contains(fmt.Sprintf("%+v", err), "hunter2") {
				t.Errorf("%v tells too much", err)
			}
			if out, err := do(t.Context(), c.Conn(), "alive"); err != nil || out != "alive" {
				t.Errorf("afterwards: %q, %v", out, err)
			}
		})
	}
}

// TestWhatIsOutsideTheNetworksIsNotCalled: who can write into etcd must not
// hear the proof of the internal secret by naming any address.
func TestWhatIsOutsideTheNetworksIsNotCalled(t *testing.T) {
	t.Parallel()
	etcd := startEtcd(t)
	startEcho(t, half(t, "echo_rpc", etcd.Addr()))
	inside := half(t, "caller_api", etcd.Addr())
	c, err := Client(inside, "echo_rpc")
	if err != nil {
		t.Fatal(err)
	}
	until(t, "it answers", func() bool { _, err := do(t.Context(), c.Conn(), "x"); return err == nil })
	outside := inside
	outside.Networks = "10.0.0.0/8"
	c, err = Client(outside, "echo_rpc")
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, err := do(t.Context(), c.Conn(), "x"); !errors.Is(err, errs.Unavailable) {
			t.Errorf("from outside: %v", err)
		}
	}
	outside.Networks = ""
	if _, err := Client(outside, "echo_rpc"); err == nil {
		t.Error("no networks are all networks")
	}
}

func TestOnlyWhoKnowsTheInternalSecretIsLetIn(t *testing.T) {
	t.Parallel()
	h := half(t, "echo_rpc", "127.0.0.1:1") // without an etcd it serves all the same
	startEcho(t, h)
	cc, err := grpc.NewClient(h.Listen, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cc.Close() })
	proof, err := internalProof(h)
	if err != nil {
		t.Fatal(err)
	}
	other, err := internalProof(conf.Half{InternalSecret: strings.Repeat("fedcba9876543210", 2)})
	if err != nil {
		t.Fatal(err)
	}
	call := func(method string, headers ...string) error {
		ctx := metadata.AppendToOutgoingContext(t.Context(), headers...)
		return errs.FromGRPC(cc.Invoke(ctx, method, wrapperspb.String("x"), &wrapperspb.StringValue{}, grpc.WaitForReady(true)))
	}
	if err := call("/test.Echo/Do", internalHeader, proof); err != nil {
		t.Fatalf("who knows it: %v", err)
	}
	for name, headers := range map[string][]string{
		"nobody": nil, "an empty proof": {internalHeader, ""}, "another secret": {internalHeader, other}, "the secret itself": {internalHeader, secret},
		"half a proof": {internalHeader, proof[:len(proof)/2]}, "more than a proof": {internalHeader, proof + "00"}, "another header": {"authorization", proof},
		"capitals": {internalHeader, strings.ToUpper(proof)}, "two proofs": {internalHeader, proof, internalHeader, other}, "the same twice": {internalHeader, proof, internalHeader, proof},
	} {
		if err := call("/test.Echo/Do", headers...); !errors.Is(err, errs.Unauthorized) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := call("/grpc.health.v1.Health/Check"); !errors.Is(err, errs.Unauthorized) {
		t.Errorf("health, asked by nobody: %v", err)
	}
	watch, err := grpc_health_v1.NewHealthClient(cc).Watch(t.Context(), &grpc_health_v1.HealthCheckRequest{})
	if err == nil {
		_, err = watch.Recv()
	}
	if !errors.Is(errs.FromGRPC(err), errs.Unauthorized) {
		t.Errorf("health, watched by nobody: %v", err)
	}
	if strings.Contains(proof, secret) || proof == other {
		t.Error("the proof tells the secret")
	}
}

func TestBeforeAndBeside(t *testing.T) {
	t.Parallel()
	h := half(t, "late_rpc", "127.0.0.1:1")
	r, err := NewRPC(conf.RPC{Half: h}, func(*grpc.Server) {})
	if err != nil {
		t.Fatal(err)
	}
	fails := errors.New("the tables are old")
	ran := false
	r.Before(func(context.Context) error { return nil })
	r.Before(func(context.Context) error { return fails })
	r.Beside(func(context.Context) { ran = true })
	if err := Serve(r); !errors.Is(err, fails) || ran {
		t.Errorf("served: %v, loop ran: %v", err, ran)
	}
	if err := free("late_rpc", h.Listen); err != nil {
		t.Errorf("it listens though a step failed: %v", err)
	}
}

func TestAnAddressTakenIsSaidClearly(t *testing.T) {
	t.Parallel()
	h := half(t, "one_rpc", "127.0.0.1:1")
	s := httptest.NewServer(http.NotFoundHandler())
	defer s.Close()
	h.Listen = s.Listener.Addr().String()
	r, err := NewRPC(conf.RPC{Half: h}, func(*grpc.Server) {})
	if err != nil {
		t.Fatal(err)
	}
	a, err := NewAPI(conf.API{Half: h})
	if err != nil {
		t.Fatal(err)
	}
	e, err := NewEdge(h)
	if err != nil {
		t.Fatal(err)
	}
	for _, service := range []interface {
		Start()
		Stop()
	}{r, a, e} {
		if err := Serve(service); err == nil || !strings.Contains(err.Error(), "one_rpc cannot listen on "+h.Listen) {
			t.Errorf("%T: %v", service, err)
		}
	}
}

func TestWrongConfigurationsAreRefused(t *testing.T) {
	t.Parallel()
	good := half(t, "x", "127.0.0.1:1")
	for name, change := range map[string]func(h *conf.Half){
		"no port": func(h *conf.Half) { h.Listen = "127.0.0.1" }, "port 0": func(h *conf.Half) { h.Listen = "127.0.0.1:0" },
		"a short secret": func(h *conf.Half) { h.InternalSecret = "short" }, "no etcd": func(h *conf.Half) { h.Etcd = "" },
	} {
		h := good
		change(&h)
		if _, err := NewRPC(conf.RPC{Half: h}, func(*grpc.Server) {}); err == nil {
			t.Errorf("%s: an rpc half", name)
		}
		if _, err := NewAPI(conf.API{Half: h}); err == nil {
			t.Errorf("%s: an api half", name)
		}
	}
	for name, change := range map[string]func(h *conf.Half){
		"a short secret": func(h *conf.Half) { h.InternalSecret = "short" }, "no etcd": func(h *conf.Half) { h.Etcd = "" },
	} {
		h := good
		change(&h)
		if _, err := Client(h, "y"); err == nil {
			t.Errorf("%s: a client", name)
		}
	}
}

func TestReadyNamesWhatIsMissing(t *testing.T) {
	t.Parallel()
	etcd := startEtcd(t)
	h := half(t, "x_api", etcd.Addr())
	r, err := newReady(h)
	if err != nil {
		t.Fatal(err)
	}
	get := func() (int, map[string]string) {
		w := httptest.NewRecorder()
		r.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/readyz", nil))
		var body struct {
			Ready   bool
			Missing map[string]string
		}
		if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil || body.Ready != (w.Code == http.StatusOK) {
			t.Errorf("%d %s, %v", w.Code, w.Body, err)
		}
		return w.Code, body.Missing
	}
	if code, missing := get(); code != http.StatusOK || len(missing) != 0 {
		t.Errorf("%d %v", code, missing)
	}
	var mu sync.Mutex
	down := errors.New("connection refused")
	r.Need("mysql db:3306/tudo", func(context.Context) error { mu.Lock(); defer mu.Unlock(); return down })
	r.Need("what hangs", func(ctx context.Context) error {
		<-ctx.Done()
		mu.Lock()
		defer mu.Unlock()
		if down == nil {
			return nil
		}
		return ctx.Err()
	})
	r.Uses("y_rpc")
	code, missing := get()
	want := map[string]string{"mysql db:3306/tudo": "connection refused", "what hangs": "context deadline exceeded", "y_rpc": "no instance is registered"}
	if code != http.StatusServiceUnavailable || !maps.Equal(missing, want) {
		t.Errorf("%d %v", code, missing)
	}
	c, err := registry.Client(etcd.Addr())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Put(t.Context(), "y_rpc/1", "127.0.0.1:1"); err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	down = nil
	mu.Unlock()
	until(t, "nothing is missing", func() bool { code, _ := get(); return code == http.StatusOK })

	// Registered, called, and nobody there.
	if _, err := Client(h, "y_rpc"); err != nil {
		t.Fatal(err)
	}
	until(t, "the dead instance is named", func() bool {
		_, missing := get()
		return strings.HasPrefix(missing["y_rpc"], "not connected to 127.0.0.1:1")
	})
	etcd.Kill()
	until(t, "the lost etcd is named", func() bool { _, missing := get(); return missing["etcd "+h.Etcd] != "" })
}

func TestTogetherIsReadyWhenAllAre(t *testing.T) {
	t.Parallel()
	a := &RPC{Ready: &Ready{}}
	b := &API{Ready: &Ready{}}
	all := Together{a, b, part(func() {})}
	a.Ready.Need("one", func(context.Context) error { return nil })
	if missing := all.Missing(t.Context()); len(missing) != 0 {
		t.Errorf("%v", missing)
	}
	b.Ready.Need("two", func(context.Context) error { return errors.New("away") })
	if missing := all.Missing(t.Context()); !maps.Equal(missing, map[string]string{"two": "away"}) {
		t.Errorf("%v", missing)
	}
	w := httptest.NewRecorder()
	all.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/readyz", nil))
	if w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), `"two":"away"`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	late := make(chan map[string]string, 1)
	all.WhenReady(0, func() { t.Error("ready") }, func(missing map[string]string) { late <- missing })
	if missing := <-late; missing["two"] != "away" {
		t.Errorf("late for %v", missing)
	}
	ready := make(chan bool, 1)
	all[:1].WhenReady(patience, func() { ready <- true }, func(map[string]string) { ready <- false })
	if !<-ready {
		t.Error("not ready")
	}
}

func TestAnAPIHalfAdmitsOnlyTheGateway(t *testing.T) {
	t.Parallel()
	h := half(t, "z_api", "127.0.0.1:1")
	inner, err := ports.Loopback(1)
	if err != nil {
		t.Fatal(err)
	}
	h.Inner = inner[0]
	a, err := NewAPI(conf.API{Half: h})
	if err != nil {
		t.Fatal(err)
	}
	a.Server.AddRoute(rest.Route{Method: http.MethodGet, Path: "/api/z/who", Handler: func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprint(w, token.From(r.Context()).UserID)
	}})
	a.Server.AddRoutes([]rest.Route{{Method: http.MethodGet, Path: "/api/z/wait", Handler: func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-time.After(patience):
			w.WriteHeader(http.StatusTeapot)
		}
	}}}, rest.WithTimeout(50*time.Millisecond))
	a.Server.AddRoute(rest.Route{Method: http.MethodGet, Path: "/api/z/panic", Handler: func(http.ResponseWriter, *http.Request) { panic("x") }})
	go a.Start()
	until(t, "it listens", func() bool { return free("", h.Listen) != nil && free("", h.Inner) != nil })

	key := token.Key([]byte(secret), "identity")
	ask := func(method, path string, signed bool) (int, string) {
		r, err := http.NewRequestWithContext(t.Context(), method, "http://"+h.Listen+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept", "text/event-stream") // which switches nothing off
		if token.Strip(r.Header); signed {
			token.Identity{UserID: 7}.Sign(r.Header, key, method, path)
		} else {
			r.Header.Set("User-Id", "7")
		}
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, string(body)
	}
	for _, c := range []struct {
		method, path string
		signed       bool
		status       int
		body         string
	}{
		{http.MethodGet, "/api/z/who", true, 200, "7"},
		{http.MethodGet, "/api/z/who", false, 401, `"code":10002`},
		{http.MethodGet, "/api/z/none", true, 404, `"code":10006`},
		{http.MethodPost, "/api/z/who", true, 405, `"code":10013`},
		{http.MethodGet, "/api/z/panic", true, 500, ""},
		{http.MethodGet, "/api/z/wait", true, 503, ""},
		{http.MethodGet, "/api/z/who", true, 200, "7"},
	} {
		if status, body := ask(c.method, c.path, c.signed); status != c.status || !strings.Contains(body, c.body) {
			t.Errorf("%+v: %d %s", c, status, body)
		}
	}
	for path, want := range map[string]int{"/healthz": 200, "/readyz": 503, "/metrics": 200, "/debug/pprof/": 404} {
		resp, err := http.Get("http://" + h.Inner + path)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, resp.StatusCode, want)
		}
	}
}
