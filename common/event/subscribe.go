package event

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/zeromicro/go-zero/core/logx"

	"tudoIM/common/wire"
)

// Subscription hears the channels that were added to it, over one connection
// that mends itself.
type Subscription struct {
	bus *Bus
	ps  *redis.PubSub
	// heard gets each event with the channel it came on, in order.
	heard func(channel string, e *wire.Event)
	// back is called when the bus is heard again after it was away: what was
	// said meanwhile is lost.
	back func()

	mu      sync.Mutex
	waiting map[string][]chan struct{}
	up      bool
}

// Subscribe starts to listen; it ends with ctx. Neither heard nor back may
// block for long: they are called on the one reading goroutine.
func (b *Bus) Subscribe(ctx context.Context, heard func(channel string, e *wire.Event), back func(), channels ...string) *Subscription {
	s := &Subscription{
		bus: b, ps: b.rdb.Subscribe(ctx, channels...), heard: heard, back: back,
		waiting: map[string][]chan struct{}{},
	}
	go s.run(ctx)
	return s
}

// Up reports whether the bus was heard from lately: while it is not, nothing
// may be cached that the bus would have to evict.
func (s *Subscription) Up() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.up
}

// Add subscribes channels and waits until that is in force, or ctx ends; after
// nil nothing said on them is missed while the bus is up.
func (s *Subscription) Add(ctx context.Context, channels ...string) (err error) {
	if len(channels) == 0 {
		return nil
	}
	all := make([]chan struct{}, len(channels))
	defer func() {
		if err != nil {
			s.giveUp(channels, all)
		}
	}()
	s.mu.Lock()
	for i, channel := range channels {
		all[i] = make(chan struct{})
		s.waiting[channel] = append(s.waiting[channel], all[i])
	}
	s.mu.Unlock()
	// On error go-redis keeps the channels and subscribes them when it reconnects.
	if err := s.ps.Subscribe(ctx, channels...); err != nil {
		return err
	}
	for _, done := range all {
		select {
		case <-done:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// Remove ends the subscription of channels.
func (s *Subscription) Remove(ctx context.Context, channels ...string) error {
	if len(channels) == 0 {
		return nil // which Redis would take for all
	}
	return s.ps.Unsubscribe(ctx, channels...)
}

const (
	// pingEvery keeps a connection that died in silence from going unnoticed.
	pingEvery = 5 * time.Second
	retry     = 200 * time.Millisecond
)

func (s *Subscription) run(ctx context.Context) {
	defer func() { _ = s.ps.Close() }()
	lost, silent := false, false
	for ctx.Err() == nil {
		msg, err := s.receive(ctx, silent)
		if err != nil {
			if isTimeout(err) && !silent && s.ps.Ping(ctx) == nil {
				silent = true // it has until the next timeout to answer
				continue
			}
			if ctx.Err() != nil {
				return
			}
			if !lost {
				logx.Errorf("bus: away, clients are told to sync when it is back: %v", err)
			}
			lost, silent = true, false
			s.set(false)
			select {
			case <-ctx.Done():
			case <-time.After(retry):
			}
			continue
		}
		silent = false
		switch m := msg.(type) {
		case *redis.Subscription:
			if m.Kind == "subscribe" {
				s.confirm(m.Channel)
			}
		case *redis.Message:
			e, err := s.bus.open([]byte(m.Payload))
			if err != nil {
				logx.Errorf("bus: ignored a message on %s: %v", m.Channel, err)
				continue
			}
			s.heard(m.Channel, e)
		}
		s.set(true)
		if lost {
			lost = false
			logx.Info("bus: back")
			s.back()
		}
	}
}

// receive waits for what comes next. A connection on which even a ping was
// not answered is given up, which ReceiveTimeout would not do: it may be dead
// without TCP knowing it for minutes.
func (s *Subscription) receive(ctx context.Context, silent bool) (any, error) {
	if !silent {
		return s.ps.ReceiveTimeout(ctx, pingEvery)
	}
	ctx, cancel := context.WithTimeout(ctx, pingEvery)
	defer cancel()
	return s.ps.Receive(ctx)
}

func (s *Subscription) set(up bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.up = up
}

func (s *Subscription) confirm(channel string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, done := range s.waiting[channel] {
		close(done)
	}
	delete(s.waiting, channel)
}

// giveUp forgets who waited for channels in vain: the bus may be away for long.
func (s *Subscription) giveUp(channels []string, all []chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, channel := range channels {
		left := slices.DeleteFunc(s.waiting[channel], func(done chan struct{}) bool { return done == all[i] })
		if len(left) > 0 {
			s.waiting[channel] = left
		} else {
			delete(s.waiting, channel)
		}
	}
}

func isTimeout(err error) bool {
	t, ok := err.(interface{ Timeout() bool })
	return ok && t.Timeout()
}
