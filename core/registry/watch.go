package registry

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/zeromicro/go-zero/core/logx"
	clientv3 "go.etcd.io/etcd/client/v3"
)

// Watcher follows the addresses registered under one key.
type Watcher struct {
	key string
	c   *clientv3.Client

	mu    sync.Mutex
	addrs []string
	ready bool // etcd has answered at least once
	subs  []func(addrs []string)
}

var watchers = map[string]*Watcher{}

// Watch returns the process's one watcher of key at c's etcd. It lives as
// long as the process: halves of one process share it.
func Watch(c *clientv3.Client, key string) *Watcher {
	id := strings.Join(c.Endpoints(), ",") + " " + key
	mu.Lock()
	defer mu.Unlock()
	if w, ok := watchers[id]; ok {
		return w
	}
	w := &Watcher{key: key, c: c}
	watchers[id] = w
	go w.run(context.Background()) // ends with the process
	return w
}

// Addrs returns the addresses known last, in a fixed order; never nil once
// some were known, even while etcd is away or empty.
func (w *Watcher) Addrs() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.addrs
}

// Subscribe calls f with the current addresses as soon as etcd has answered,
// and again after each change. f must not block.
func (w *Watcher) Subscribe(f func(addrs []string)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.subs = append(w.subs, f)
	if w.ready {
		f(w.addrs)
	}
}

func (w *Watcher) run(ctx context.Context) {
	for away := false; ctx.Err() == nil; {
		err := w.follow(ctx)
		if err != nil && !away {
			logx.Errorf("registry: watching %s at etcd %s: %v; going on with %v", w.key, strings.Join(w.c.Endpoints(), ","), err, w.Addrs())
		}
		away = err != nil
		if away {
			w.set(nil) // tells those who wait that there is nothing yet; keeps what was known
			wait(ctx, pause)
		}
	}
}

// follow reads the key once and then its changes, until something fails or
// half a minute has passed: a fresh read heals a watch that went deaf.
func (w *Watcher) follow(ctx context.Context) error {
	call, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	got, err := w.c.Get(call, w.key+"/", clientv3.WithPrefix())
	if err != nil {
		return err
	}
	found := make(map[string]string, len(got.Kvs))
	for _, kv := range got.Kvs {
		found[string(kv.Key)] = string(kv.Value)
	}
	w.set(found)
	live, stop := context.WithTimeout(ctx, 30*time.Second)
	defer stop()
	for resp := range w.c.Watch(clientv3.WithRequireLeader(live), w.key+"/", clientv3.WithPrefix(), clientv3.WithRev(got.Header.Revision+1)) {
		if err := resp.Err(); err != nil {
			return err
		}
		for _, ev := range resp.Events {
			if ev.Type == clientv3.EventTypeDelete {
				delete(found, string(ev.Kv.Key))
			} else {
				found[string(ev.Kv.Key)] = string(ev.Kv.Value)
			}
		}
		w.set(found)
	}
	if live.Err() != nil {
		return nil
	}
	return errors.New("the watch ended")
}

// set publishes the addresses found. An empty list never replaces a full one:
// an etcd that came back without its data knows less than we do, and an
// address that is really dead costs one refused connection.
func (w *Watcher) set(found map[string]string) {
	addrs := make([]string, 0, len(found))
	for _, a := range found {
		addrs = append(addrs, a)
	}
	slices.Sort(addrs)
	addrs = slices.Compact(addrs)
	w.mu.Lock()
	defer w.mu.Unlock()
	first := !w.ready
	w.ready = true
	changed := len(addrs) > 0 && !slices.Equal(addrs, w.addrs)
	if changed {
		w.addrs = addrs
	}
	if first || changed {
		for _, f := range w.subs {
			f(w.addrs)
		}
	}
}
