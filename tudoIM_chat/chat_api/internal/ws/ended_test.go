package ws

import (
	"testing"

	"tudoIM/core/embedded"
	"tudoIM/test/suite"
)

func TestWhileTheBusIsAwayEndedSessionsAreClosed(t *testing.T) {
	t.Parallel()
	redis, err := embedded.StartRedis()
	if err != nil {
		t.Fatal(err)
	}
	w := emptyWorld()
	w.start(t, redis.URL())
	var dead []*socket
	for n := range uint64(2) { // a session with two sockets
		dead = append(dead, w.join(t, 7, 1))
		w.join(t, 100+n, 100+n).ask("served", "ping", "")
	}
	other := w.join(t, 7, 2)
	many := map[uint64]*socket{} // more than one question
	for n := range uint64(endedBatch) {
		many[n] = w.join(t, 1000+n, 1000+n)
	}
	w.auth.change(func() { w.auth.away = true })
	redis.Close()
	wait(t, "auth_rpc to be asked", func() bool {
		w.auth.mu.Lock()
		defer w.auth.mu.Unlock()
		return w.auth.asked > 0
	})
	dead[0].ask("stays while nobody can tell", "ping", "")
	w.auth.change(func() { w.auth.away = false; w.auth.ended[1], w.auth.ended[1003] = true, true })
	for _, s := range append(dead, many[3]) {
		if f := s.next(); f.Event != "kick" || string(f.Data) != `{"reason":"policy"}` {
			t.Errorf("got %+v %s", f, f.Data)
		}
		if got := s.closed(); got != CloseKicked {
			t.Errorf("closed with %d", got)
		}
	}
	other.ask("lives", "ping", "")
	many[4].ask("lives", "ping", "")
}

// A kick that was said while the bus was away is not missed.
func TestOnceTheBusIsBackEndedSessionsAreClosed(t *testing.T) {
	t.Parallel()
	suite.Need(t, suite.RequireRedis)
	redis, err := suite.StartRedis(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(redis.Close)
	w := emptyWorld()
	w.start(t, redis.URL())
	a, b := w.join(t, 7, 1), w.join(t, 8, 2)
	// Nobody can tell until the bus is back, and for a moment behind that.
	w.auth.change(func() { w.auth.away = true; w.auth.ended[1] = true })
	redis.Kill()
	if err := redis.Start(); err != nil {
		t.Fatal(err)
	}
	for _, s := range []*socket{a, b} {
		if f := s.next(); f.Event != "resync" {
			t.Errorf("got %+v", f)
		}
	}
	w.auth.change(func() { w.auth.away = false })
	if f := a.next(); f.Event != "kick" {
		t.Errorf("got %+v", f)
	}
	if got := a.closed(); got != CloseKicked {
		t.Errorf("closed with %d", got)
	}
	b.ask("lives", "ping", "")
}

// While kicks are heard nobody is asked.
func TestWhileTheBusIsHeardNobodyIsAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.dialWith(t, 7, 1, "&ends=6") // its end shows that the hub has looked around
	if got := s.closed(); got != CloseToken {
		t.Errorf("closed with %d", got)
	}
	w.auth.mu.Lock()
	defer w.auth.mu.Unlock()
	if w.auth.asked != 0 {
		t.Errorf("asked %d times", w.auth.asked)
	}
}
