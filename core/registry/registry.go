// Package registry keeps halves registered in etcd and follows who is
// registered. etcd is only a phone book: when it is away everybody goes on
// with the last numbers known.
package registry

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/zeromicro/go-zero/core/logx"
	clientv3 "go.etcd.io/etcd/client/v3"
	"go.uber.org/zap"
)

const (
	// ttl of a registration in seconds: how long a dead half stays listed.
	ttl = 10
	// callTimeout bounds one etcd call.
	callTimeout = 2 * time.Second
	// pause between tries while etcd is away.
	pause = time.Second
)

var (
	mu      sync.Mutex
	clients = map[string]*clientv3.Client{}
)

// Client returns the process's one client for the comma separated endpoints.
// It does not connect, so it never fails because etcd is away.
func Client(endpoints string) (*clientv3.Client, error) {
	if strings.TrimSpace(endpoints) == "" {
		return nil, errors.New("etcd: no endpoint, set TUDO_ETCD")
	}
	mu.Lock()
	defer mu.Unlock()
	if c, ok := clients[endpoints]; ok {
		return c, nil
	}
	c, err := clientv3.New(clientv3.Config{
		Endpoints:            strings.Split(endpoints, ","),
		DialTimeout:          callTimeout,
		DialKeepAliveTime:    5 * time.Second,
		DialKeepAliveTimeout: callTimeout,
		Logger:               zap.NewNop(), // its retries would fill the log; we say what matters ourselves
	})
	if err != nil {
		return nil, fmt.Errorf("etcd %s: %w", endpoints, err)
	}
	clients[endpoints] = c
	return c, nil
}

// Ping reports whether etcd answers.
func Ping(ctx context.Context, c *clientv3.Client) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	if _, err := c.Get(ctx, "health", clientv3.WithCountOnly()); err != nil {
		return fmt.Errorf("etcd: %w", err)
	}
	return nil
}

// Register keeps addr registered under key until ctx ends, then removes it.
// It registers again whenever the key, its lease or all of etcd's data went.
func Register(ctx context.Context, c *clientv3.Client, key, addr string) {
	for lost := false; ctx.Err() == nil; {
		err := hold(ctx, c, key, addr, func() {
			if lost {
				logx.Infof("registry: %s is registered again as %s", key, addr)
			}
			lost = false
		})
		if ctx.Err() != nil {
			return
		}
		if !lost {
			logx.Errorf("registry: %s lost its registration at etcd %s, trying on: %v", key, strings.Join(c.Endpoints(), ","), err)
			lost = true
		}
		wait(ctx, pause)
	}
}

// hold registers once and returns when that registration is gone.
func hold(ctx context.Context, c *clientv3.Client, key, addr string, held func()) error {
	call, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	lease, err := c.Grant(call, ttl)
	if err != nil {
		return fmt.Errorf("lease: %w", err)
	}
	// Our context is over when we leave because the process ends.
	defer func() {
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		_, _ = c.Revoke(end, lease.ID) // if this fails the lease runs out by itself
	}()
	// The form <key>/<lease> is go-zero's, so that its own clients find us too.
	full := fmt.Sprintf("%s/%d", key, lease.ID)
	put, err := c.Put(call, full, addr, clientv3.WithLease(lease.ID))
	if err != nil {
		return fmt.Errorf("put: %w", err)
	}
	live, stop := context.WithCancel(ctx)
	defer stop()
	alive, err := c.KeepAlive(live, lease.ID)
	if err != nil {
		return fmt.Errorf("keep alive: %w", err)
	}
	watch := c.Watch(live, full, clientv3.WithRev(put.Header.Revision+1))
	// A wiped etcd restarts with a lower revision, at which the watch would
	// wait in silence; so the key is also looked for now and then.
	check := time.NewTicker(ttl * time.Second / 2)
	defer check.Stop()
	held()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case _, ok := <-alive:
			if !ok {
				return errors.New("the lease ended")
			}
		case resp, ok := <-watch:
			if !ok {
				return errors.New("the watch ended")
			}
			if err := resp.Err(); err != nil {
				return fmt.Errorf("watch: %w", err)
			}
			for _, ev := range resp.Events {
				if ev.Type == clientv3.EventTypeDelete {
					return errors.New("the key was deleted")
				}
			}
		case <-check.C:
			call, cancel := context.WithTimeout(ctx, callTimeout)
			got, err := c.Get(call, full, clientv3.WithCountOnly())
			cancel()
			if err == nil && got.Count == 0 {
				return errors.New("the key is not there any more")
			}
		}
	}
}

func wait(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
