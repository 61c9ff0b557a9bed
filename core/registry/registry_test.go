package registry

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"

	"tudoIM/test/suite"
)

// patience is longer than everything the package may take: a lease, a pause,
// and the half minute after which a deaf watch is healed.
const patience = 90 * time.Second

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

func client(t *testing.T, e *suite.Etcd) *clientv3.Client {
	t.Helper()
	c, err := Client(e.Addr())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// listed is what is registered under key: address to key. Without an answer
// it is nil.
func listed(t *testing.T, c *clientv3.Client, key string) map[string]string {
	ctx, cancel := context.WithTimeout(t.Context(), callTimeout)
	defer cancel()
	got, err := c.Get(ctx, key+"/", clientv3.WithPrefix())
	if err != nil {
		return nil
	}
	all := map[string]string{}
	for _, kv := range got.Kvs {
		all[string(kv.Value)] = string(kv.Key)
	}
	return all
}

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

// register keeps addr registered until the test ends or stop is called, which
// returns when Register has.
func register(t *testing.T, c *clientv3.Client, key, addr string) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() { Register(ctx, c, key, addr) })
	stop = func() { cancel(); wg.Wait() }
	t.Cleanup(stop)
	return stop
}

func TestRegisterUntilTheContextEnds(t *testing.T) {
	t.Parallel()
	c := client(t, startEtcd(t))
	stop := register(t, c, "auth_rpc", "127.0.0.1:1")
	register(t, c, "auth_rpc", "127.0.0.1:2")
	until(t, "both are listed", func() bool { return len(listed(t, c, "auth_rpc")) == 2 })
	for addr, key := range listed(t, c, "auth_rpc") {
		got, err := c.Get(t.Context(), key)
		if err != nil || len(got.Kvs) != 1 || got.Kvs[0].Lease == 0 || key != "auth_rpc/"+strconv.FormatInt(got.Kvs[0].Lease, 10) {
			t.Errorf("%s is listed as %s: %v, %v", addr, key, got, err)
		}
	}
	stop()
	// It is gone when Register returns, not when its lease would have ended.
	if got := listed(t, c, "auth_rpc"); len(got) != 1 || got["127.0.0.1:2"] == "" {
		t.Errorf("after the end: %v", got)
	}
}

func TestRegisterAgainAfterALoss(t *testing.T) {
	t.Parallel()
	c := client(t, startEtcd(t))
	for name, lose := range map[string]func(key string) error{
		"the key was deleted": func(key string) error {
			_, err := c.Delete(t.Context(), key)
			return err
		},
		"the lease was revoked": func(key string) error {
			id, err := strconv.ParseInt(key[strings.LastIndex(key, "/")+1:], 10, 64)
			if err != nil {
				return err
			}
			_, err = c.Revoke(t.Context(), clientv3.LeaseID(id))
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			key := strings.ReplaceAll(name, " ", "_")
			register(t, c, key, "127.0.0.1:1")
			for range 2 { // after the first loss as after the second
				until(t, "it is listed", func() bool { return len(listed(t, c, key)) == 1 })
				was := listed(t, c, key)["127.0.0.1:1"]
				if err := lose(was); err != nil {
					t.Fatal(err)
				}
				until(t, "it is listed again", func() bool {
					now := listed(t, c, key)
					return len(now) == 1 && now["127.0.0.1:1"] != was
				})
			}
		})
	}
}

func TestEtcdKilledAndWiped(t *testing.T) {
	t.Parallel()
	e := startEtcd(t)
	c := client(t, e)
	register(t, c, "chat_rpc", "127.0.0.1:1")
	stop := register(t, c, "chat_rpc", "127.0.0.1:2")
	w := Watch(c, "chat_rpc")
	both := []string{"127.0.0.1:1", "127.0.0.1:2"}
	until(t, "both are known", func() bool { return slices.Equal(w.Addrs(), both) })
	var mu sync.Mutex
	var told [][]string
	w.Subscribe(func(addrs []string) {
		mu.Lock()
		defer mu.Unlock()
		told = append(told, addrs)
	})

	for range 40 { // so that the wiped one is behind
		if _, err := c.Put(t.Context(), "x", "y"); err != nil {
			t.Fatal(err)
		}
	}
	e.Kill()
	// The next read of the watcher fails; what it knows stays.
	until(t, "etcd is away", func() bool { return Ping(t.Context(), c) != nil })
	if got := w.Addrs(); !slices.Equal(got, both) {
		t.Errorf("while etcd is away: %v", got)
	}
	if err := e.Wipe(); err != nil {
		t.Fatal(err)
	}
	if err := e.Start(); err != nil {
		t.Fatal(err)
	}
	until(t, "both are registered in the empty etcd", func() bool { return len(listed(t, c, "chat_rpc")) == 2 })
	if got := w.Addrs(); !slices.Equal(got, both) {
		t.Errorf("when etcd came back: %v", got)
	}
	// And changes are followed again.
	stop()
	until(t, "the one that left is forgotten", func() bool { return slices.Equal(w.Addrs(), both[:1]) })
	register(t, c, "chat_rpc", "127.0.0.1:3")
	until(t, "the one that came is known", func() bool {
		return slices.Equal(w.Addrs(), []string{"127.0.0.1:1", "127.0.0.1:3"})
	})
	mu.Lock()
	defer mu.Unlock()
	for _, addrs := range told {
		if len(addrs) == 0 {
			t.Errorf("subscribers were told of an empty list: %v", told)
		}
	}
}

func TestEtcdRestartedWithItsData(t *testing.T) {
	t.Parallel()
	e := startEtcd(t)
	c := client(t, e)
	w := Watch(c, "file_rpc")
	register(t, c, "file_rpc", "127.0.0.1:1")
	until(t, "it is known", func() bool { return len(w.Addrs()) == 1 })
	e.Kill()
	if err := e.Start(); err != nil {
		t.Fatal(err)
	}
	register(t, c, "file_rpc", "127.0.0.1:2")
	until(t, "both are known", func() bool { return len(w.Addrs()) == 2 && len(listed(t, c, "file_rpc")) == 2 })
}

func TestRegisterWaitsForEtcd(t *testing.T) {
	t.Parallel()
	e := startEtcd(t)
	e.Kill()
	c := client(t, e)
	stop := register(t, c, "user_rpc", "127.0.0.1:1")
	w := Watch(c, "user_rpc")
	first := make(chan []string, 100)
	w.Subscribe(func(addrs []string) { first <- addrs })
	select {
	case addrs := <-first: // so that callers need not wait for an etcd that is away
		if len(addrs) != 0 {
			t.Errorf("knows %v", addrs)
		}
	case <-time.After(patience):
		t.Fatal("nobody is told that etcd does not answer")
	}
	if err := e.Start(); err != nil {
		t.Fatal(err)
	}
	until(t, "it is registered and known", func() bool { return slices.Equal(w.Addrs(), []string{"127.0.0.1:1"}) })
	e.Kill()
	stop() // comes back without an etcd too
}

func TestWatchOfWhatNobodyIs(t *testing.T) {
	t.Parallel()
	e := startEtcd(t)
	c := client(t, e)
	w := Watch(c, "group_rpc")
	if Watch(c, "group_rpc") != w || Watch(c, "group_api") == w {
		t.Error("not one watcher for a key")
	}
	var calls atomic.Int32
	w.Subscribe(func(addrs []string) {
		calls.Add(1)
	})
	until(t, "subscribers are told that there is none", func() bool { return calls.Load() == 1 })
	if w.Addrs() != nil && len(w.Addrs()) > 0 {
		t.Errorf("knows %v", w.Addrs())
	}
	// A key that only begins in the same way is another one's.
	if _, err := c.Put(t.Context(), "group_rpc2/1", "127.0.0.1:9"); err != nil {
		t.Fatal(err)
	}
	// The same address twice is one instance.
	for i := range 3 {
		if _, err := c.Put(t.Context(), fmt.Sprintf("group_rpc/%d", i), "127.0.0.1:"+strconv.Itoa(1+i/2)); err != nil {
			t.Fatal(err)
		}
	}
	until(t, "both are known", func() bool { return slices.Equal(w.Addrs(), []string{"127.0.0.1:1", "127.0.0.1:2"}) })
	late := make(chan []string, 1)
	w.Subscribe(func(addrs []string) {
		select {
		case late <- addrs:
		default:
		}
	})
	if got := <-late; len(got) != 2 {
		t.Errorf("who subscribes late is told %v", got)
	}
}

func TestClient(t *testing.T) {
	t.Parallel()
	for _, none := range []string{"", "  "} {
		if _, err := Client(none); err == nil || !strings.Contains(err.Error(), "TUDO_ETCD") {
			t.Errorf("%q: %v", none, err)
		}
	}
	one, err := Client("127.0.0.1:1,127.0.0.1:2")
	if err != nil {
		t.Fatal(err)
	}
	two, err := Client("127.0.0.1:1,127.0.0.1:2")
	if err != nil || two != one || len(one.Endpoints()) != 2 {
		t.Errorf("%v, %v", two.Endpoints(), err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := Ping(ctx, one); err == nil || ctx.Err() != nil {
		t.Errorf("nobody answers there: %v", err)
	}
}

func TestAnEmptyListNeverReplacesAFullOne(t *testing.T) {
	t.Parallel()
	w := &Watcher{}
	var told [][]string
	w.Subscribe(func(addrs []string) { told = append(told, addrs) })
	w.set(nil) // etcd does not answer, and nothing is known
	w.set(map[string]string{"k/1": "b", "k/2": "a", "k/3": "b"})
	w.set(nil)
	w.set(map[string]string{"k/4": "a", "k/5": "b"}) // the same again
	w.set(map[string]string{})
	if got := w.Addrs(); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("knows %v", got)
	}
	w.set(map[string]string{"k/6": "c"})
	if fmt.Sprint(told) != "[[] [a b] [c]]" {
		t.Errorf("subscribers were told %v", told)
	}
}
