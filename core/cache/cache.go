// Package cache opens Redis. Nothing in it may be the only copy of anything.
package cache

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// timeout bounds every call: Redis is never worth waiting for.
const timeout = 500 * time.Millisecond

var (
	mu   sync.Mutex
	open = map[string]redis.UniversalClient{}
)

// Open returns the client for addr (one address, several separated by commas,
// or a redis:// or rediss:// URL). Halves in one
// process share one client for the same addr. It does not connect.
func Open(addr string) (redis.UniversalClient, error) {
	mu.Lock()
	defer mu.Unlock()
	if c, ok := open[addr]; ok {
		return c, nil
	}
	opts, err := parse(addr)
	if err != nil {
		return nil, err
	}
	opts.DialTimeout, opts.ReadTimeout, opts.WriteTimeout, opts.PoolTimeout = timeout, timeout, timeout, timeout
	opts.ContextTimeoutEnabled = true
	opts.MaxRetries = 1
	c := redis.NewUniversalClient(opts)
	open[addr] = c
	return c, nil
}

func parse(addr string) (*redis.UniversalOptions, error) {
	if addr == "" {
		return nil, errors.New("redis: no address, set TUDO_REDIS")
	}
	if !strings.Contains(addr, "://") {
		return &redis.UniversalOptions{Addrs: strings.Split(addr, ",")}, nil
	}
	// The error of a URL parser repeats the URL, password included: keep it out.
	o, err := redis.ParseURL(addr)
	if err != nil {
		return nil, errors.New("redis: TUDO_REDIS is not a valid redis:// URL")
	}
	return &redis.UniversalOptions{
		Addrs: []string{o.Addr}, DB: o.DB, Username: o.Username, Password: o.Password, TLSConfig: o.TLSConfig,
	}, nil
}

// Name returns where addr points to, without credentials, for logs.
func Name(addr string) string {
	o, err := parse(addr)
	if err != nil {
		return "redis"
	}
	return "redis " + strings.Join(o.Addrs, ",")
}

// Ping reports whether Redis answers.
func Ping(ctx context.Context, c redis.UniversalClient) error {
	if err := c.Ping(ctx).Err(); err != nil {
		return fmt.Errorf("redis: %w", err)
	}
	return nil
}
