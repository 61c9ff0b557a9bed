package suite

import (
	"testing"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
)

func TestEtcdKeepsItsDataUntilWiped(t *testing.T) {
	t.Parallel()
	if err := RequireEtcd(); err != nil {
		t.Fatal(err)
	}
	e := timed(t, StartEtcd)
	t.Cleanup(e.Close)
	client, err := clientv3.New(clientv3.Config{Endpoints: []string{e.Addr()}, DialTimeout: 10 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if _, err := client.Put(t.Context(), "k", "v"); err != nil {
		t.Fatal(err)
	}

	if err := e.Wipe(); err == nil {
		t.Error("wiped while it runs")
	}
	e.Kill()
	start := time.Now()
	if err := e.Start(); err != nil {
		t.Fatal(err)
	}
	t.Logf("started again in %v", time.Since(start))
	if got, err := client.Get(t.Context(), "k"); err != nil || got.Count != 1 {
		t.Errorf("after kill: %v, %v; want the key", got, err)
	}

	e.Kill()
	if err := e.Wipe(); err != nil {
		t.Fatal(err)
	}
	if err := e.Start(); err != nil {
		t.Fatal(err)
	}
	if got, err := client.Get(t.Context(), "k"); err != nil || got.Count != 0 {
		t.Errorf("after wipe: %v, %v; want nothing", got, err)
	}
}
