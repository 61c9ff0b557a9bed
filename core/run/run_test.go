package run

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/zeromicro/go-zero/core/service"

	"tudoIM/core/conf"
)

func TestSplit(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]struct {
		host string
		port int
	}{
		"127.0.0.1:80": {"127.0.0.1", 80}, ":8080": {"", 8080}, "0.0.0.0:65535": {"0.0.0.0", 65535}, "[::1]:1": {"::1", 1}, "localhost:7": {"localhost", 7},
	} {
		if host, port, err := split(in); err != nil || host != want.host || port != want.port {
			t.Errorf("split(%q) = %q, %d, %v", in, host, port, err)
		}
	}
	for _, in := range []string{"", "80", "127.0.0.1", ":0", "127.0.0.1:0", ":70000", ":-1", ":http-not", "::1:80", "a:b:c", "no.such.host.invalid:1"} {
		if host, port, err := split(in); err == nil || !strings.Contains(err.Error(), "listen address") {
			t.Errorf("split(%q) = %q, %d, %v", in, host, port, err)
		}
	}
}

func TestAdvertised(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ listen, advertise, want string }{
		{"127.0.0.1:1", "", "127.0.0.1:1"},
		{"10.0.0.1:1", "chat-1:2", "chat-1:2"},
		{"0.0.0.0:1", "chat-1:2", "chat-1:2"},
		{"localhost:1", "", "localhost:1"},
		{"[::1]:1", "", "[::1]:1"},
	} {
		if got, err := advertised(conf.Half{Listen: c.listen, Advertise: c.advertise}); err != nil || got != c.want {
			t.Errorf("%+v: %q, %v", c, got, err)
		}
	}
	// On all interfaces, others are told an address they can reach.
	for _, listen := range []string{":5", "0.0.0.0:5", "[::]:5"} {
		got, err := advertised(conf.Half{Listen: listen})
		host, port, splitErr := net.SplitHostPort(got)
		if ip := net.ParseIP(host); err != nil || splitErr != nil || port != "5" || ip == nil || ip.IsUnspecified() {
			t.Errorf("%s is advertised as %q, %v", listen, got, err)
		}
	}
	if got, err := advertised(conf.Half{Listen: "5"}); err == nil {
		t.Errorf("no address is advertised as %q", got)
	}
}

func TestFree(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	taken := l.Addr().String()
	if err := free("chat_rpc", taken); err == nil || !strings.Contains(err.Error(), "chat_rpc cannot listen on "+taken) {
		t.Errorf("%v", err)
	}
}

func TestLookups(t *testing.T) {
	t.Parallel()
	one := func(answers map[string]string) conf.Lookup {
		return func(name string) (string, bool) { v, ok := answers[name]; return v, ok }
	}
	ask := Lookups(one(map[string]string{"A": "1", "B": ""}), one(map[string]string{"A": "2", "B": "3"}))
	for name, want := range map[string]string{"A": "1", "B": "3", "C": ""} {
		if got, ok := ask(name); got != want || ok != (want != "") {
			t.Errorf("%s: %q, %v", name, got, ok)
		}
	}
}

func TestAloneGivesEveryHalfAnAddressOfItsOwn(t *testing.T) {
	t.Parallel()
	ask, err := Alone([]string{"chat_rpc", "chat_api", "gateway"})
	if err != nil {
		t.Fatal(err)
	}
	a, _ := ask("TUDO_CHAT_RPC_ADDR")
	b, _ := ask("TUDO_CHAT_API_ADDR")
	if a == "" || b == "" || a == b {
		t.Errorf("addresses %q and %q", a, b)
	}
	if v, ok := ask("TUDO_GATEWAY_ADDR"); ok {
		t.Errorf("the gateway's address is %q", v)
	}
	for _, name := range []string{"CHAT_RPC", "CHAT_API", "GATEWAY"} {
		if v, _ := ask("TUDO_" + name + "_INNER_ADDR"); v != conf.Off {
			t.Errorf("%s: inner address %q", name, v)
		}
	}
}

// part is a service that ends as f does.
type part func()

func (p part) Start() { p() }
func (p part) Stop()  {}

func TestServeReturnsTheFirstThatCouldNotGoOn(t *testing.T) {
	t.Parallel()
	fails := errors.New("cannot listen")
	forever := part(func() { select {} })
	ends := part(func() {})
	for _, c := range []struct {
		name     string
		services []service.Service
		want     string
	}{
		{"all end", []service.Service{ends, ends}, ""},
		{"none", nil, ""},
		{"an error", []service.Service{forever, part(func() { panic(fails) }), ends}, fails.Error()},
		{"a text", []service.Service{part(func() { panic("out of order") }), forever}, "out of order"},
		{"a fault of Go", []service.Service{forever, part(func() { _ = any("x").(int) })}, "interface conversion: interface {} is string, not int"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			err := Serve(c.services...)
			if (err == nil) != (c.want == "") || err != nil && err.Error() != c.want {
				t.Errorf("%v, want %q", err, c.want)
			}
			if c.name == "an error" && !errors.Is(err, fails) {
				t.Error("not the service's own error")
			}
		})
	}
}

type halfConf struct {
	conf.Half
	Extra string `json:",optional"`
}

func TestLoadAndUpgrade(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{
		"a.yaml": {Data: []byte("Name: a_rpc\nListen: \"${TUDO_A:-127.0.0.1:1}\"\nEtcd: e\nDataDir: d\nNetworks: 10.0.0.0/8\nLog: {}\nExtra: \"${X}\"\n")},
		"b.yaml": {Data: []byte("Name: b_api\nListen: :2\nEtcd: e\nDataDir: d\nNetworks: 10.0.0.0/8\nLog: {}\n")},
		"c.yaml": {Data: []byte("Name: c_api\nExtar: x\n")},
	}
	ask := func(name string) (string, bool) { return "from " + name, true }
	build := func(halfConf) (service.Service, error) { return part(func() {}), nil }
	a := NewHalf("a_rpc", "a.yaml", build, func(_ context.Context, c halfConf) ([]string, error) { return []string{c.Extra}, nil })
	b := NewHalf("b_api", "b.yaml", build, nil)
	all, err := Load([]Half{a, b}, files, ask)
	if err != nil {
		t.Fatal(err)
	}
	if all[0].Conf.Listen != "from TUDO_A" || all[1].Conf.Listen != ":2" || all[1].Migrate != nil {
		t.Errorf("%+v, %+v", all[0].Conf, all[1].Conf)
	}
	if done, err := Upgrade(t.Context(), all); err != nil || len(done) != 1 || done[0] != "from X" {
		t.Errorf("upgraded %q, %v", done, err)
	}
	fails := errors.New("no database")
	bad := NewHalf("a_rpc", "a.yaml", build, func(context.Context, halfConf) ([]string, error) { return []string{"one"}, fails })
	all, err = Load([]Half{bad, a}, files, ask)
	if err != nil {
		t.Fatal(err)
	}
	if done, err := Upgrade(t.Context(), all); !errors.Is(err, fails) || len(done) != 1 {
		t.Errorf("after a failure: %q, %v", done, err)
	}
	for _, file := range []string{"c.yaml", "none.yaml"} {
		if _, err := Load([]Half{NewHalf("x", file, build, nil)}, files, ask); err == nil || !strings.Contains(err.Error(), file) && !strings.Contains(err.Error(), "none.yaml") {
			t.Errorf("%s: %v", file, err)
		}
	}
}
