package embedded

import (
	"fmt"
	"net/url"
	"time"

	"github.com/alicebob/miniredis/v2"
)

// tick is how often keys grow older, and so how much too early one may expire.
const tick = 100 * time.Millisecond

// Redis is a Redis in memory, on a port of 127.0.0.1 that only who has the
// password can use. Nothing of it outlives the process.
type Redis struct {
	server   *miniredis.Miniredis
	password string
	stop     chan struct{}
	stopped  chan struct{}
}

// StartRedis returns a server that answers already.
func StartRedis() (*Redis, error) {
	r := &Redis{
		server:   miniredis.NewMiniRedis(),
		password: secret(),
		stop:     make(chan struct{}),
		stopped:  make(chan struct{}),
	}
	r.server.RequireAuth(r.password)
	if err := r.server.StartAddr("127.0.0.1:0"); err != nil {
		return nil, fmt.Errorf("redis: %w", err)
	}
	go r.age()
	return r, nil
}

// URL is what go-redis ParseURL takes, password included.
func (r *Redis) URL() string {
	u := url.URL{Scheme: "redis", User: url.UserPassword("", r.password), Host: r.server.Addr(), Path: "/0"}
	return u.String()
}

// Close cuts all connections and returns when nothing of the server runs any
// more. It is called once.
func (r *Redis) Close() {
	close(r.stop)
	<-r.stopped
	r.server.Close()
}

// age makes keys expire: the server's clock stands still by itself. Close ends it.
func (r *Redis) age() {
	defer close(r.stopped)
	t := time.NewTicker(tick)
	defer t.Stop()
	last := time.Now()
	for {
		select {
		case <-r.stop:
			return
		case <-t.C:
			now := time.Now()
			r.server.FastForward(now.Sub(last))
			last = now
		}
	}
}
