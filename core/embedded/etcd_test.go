package embedded

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
)

func TestEtcdServesLeasesAndWatches(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	e, client := startTestEtcd(t, filepath.Join(t.TempDir(), "etcd"))

	watch := client.Watch(ctx, "auth_rpc", clientv3.WithPrefix())
	lease, err := client.Grant(ctx, 1)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Put(ctx, "auth_rpc/1", "127.0.0.1:1", clientv3.WithLease(lease.ID)); err != nil {
		t.Fatal(err)
	}
	var seen []string
	for len(seen) < 2 {
		r, ok := <-watch
		if !ok {
			t.Fatalf("watch ended after %v", seen)
		}
		for _, ev := range r.Events {
			seen = append(seen, ev.Type.String())
		}
	}
	if seen[0] != "PUT" || seen[1] != "DELETE" {
		t.Errorf("events %v, want PUT and, when the lease ran out, DELETE", seen)
	}

	if err := client.Sync(ctx); err != nil {
		t.Fatal(err)
	}
	if got := client.Endpoints(); len(got) != 1 || got[0] != "http://"+e.Addr() {
		t.Errorf("advertised endpoints %v, want http://%s", got, e.Addr())
	}
}

func TestEtcdForgetsWhatAFormerProcessLeft(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "etcd")
	e, client := startTestEtcd(t, dir)
	if _, err := client.Put(t.Context(), "auth_rpc/1", "stale"); err != nil {
		t.Fatal(err)
	}
	client.Close()
	if !e.Close(20 * time.Second) {
		t.Fatal("did not stop")
	}

	_, client = startTestEtcd(t, dir)
	r, err := client.Get(t.Context(), "", clientv3.WithPrefix())
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Kvs) != 0 {
		t.Errorf("left over: %v", r.Kvs)
	}
}

func TestEtcdCloseIsBoundedWhileSomebodyWatches(t *testing.T) {
	t.Parallel()
	e, client := startTestEtcd(t, filepath.Join(t.TempDir(), "etcd"))
	watch := client.Watch(clientv3.WithRequireLeader(t.Context()), "k", clientv3.WithCreatedNotify())
	<-watch // the server knows of it

	start := time.Now()
	stopped := e.Close(200 * time.Millisecond)
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("Close took %v", took)
	}
	t.Logf("stopped within 200ms: %v", stopped)
}

func TestEtcdNeedsAUsableDir(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if e, err := StartEtcd(filepath.Join(file, "etcd")); err == nil {
		e.Close(time.Second)
		t.Error("started below a file")
	}
}

func startTestEtcd(t *testing.T, dir string) (*Etcd, *clientv3.Client) {
	t.Helper()
	start := time.Now()
	e, err := StartEtcd(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("started in %v", time.Since(start))
	t.Cleanup(func() { e.Close(time.Second) })
	client, err := clientv3.New(clientv3.Config{Endpoints: []string{e.Addr()}, DialTimeout: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	return e, client
}
