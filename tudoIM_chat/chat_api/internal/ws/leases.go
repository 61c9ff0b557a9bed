package ws

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/zeromicro/go-zero/core/logx"

	"tudoIM/common/event"
	"tudoIM/common/presence"
	"tudoIM/common/wire"
	"tudoIM/utils/rand"
)

const (
	// bellWait bounds one ringing of the bus, for bellUsers users at most.
	bellWait  = 500 * time.Millisecond
	bellUsers = 500
	// fadeTries is how often a node that ends tries to say so: else its users
	// would be shown online until their leases are nobody's.
	fadeTries = 3
)

// pace is how often and how late the hub does what has to do with presence.
type pace struct {
	// renew is how often leases are renewed, and users looked at again.
	renew time.Duration
	// grace is how long who lost a socket is believed to come back.
	grace time.Duration
	// trust is how long an answer who may see whom is good.
	trust time.Duration
}

var usualPace = pace{renew: presence.RenewEvery, grace: 3 * time.Second, trust: 30 * time.Second}

// holding keeps this node's leases on the users it has sockets of. One loop
// does all of it, so that what it says of a user is never older than what it
// said before.
type holding struct {
	leases *presence.Leases
	bus    *event.Bus
	pace   pace
	// users returns the platforms of the sockets of users, or of all.
	users func(all bool, users ...uint64) map[uint64][]string
	wake  chan struct{}

	mu      sync.Mutex
	changed map[uint64]bool
	// leaving are users who lost a socket, until they are believed to be gone;
	// left is when they lost the last one.
	leaving map[uint64]*time.Timer
	left    map[uint64]int64
}

func newHolding(rdb redis.UniversalClient, bus *event.Bus, p pace, users func(all bool, users ...uint64) map[uint64][]string) *holding {
	return &holding{
		leases: presence.NewLeases(rdb, rand.URL(12)), bus: bus, pace: p, users: users, wake: make(chan struct{}, 1),
		changed: map[uint64]bool{}, leaving: map[uint64]*time.Timer{}, left: map[uint64]int64{},
	}
}

// come says that user has a new socket here. It may be another device's, so who
// was leaving may still come back.
func (l *holding) come(user uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.change(user)
}

// leave says that user is about to lose a socket here. Nothing is told of it for a
// moment: most who lose one have a new one soon.
func (l *holding) leave(user uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if t := l.leaving[user]; t != nil {
		t.Stop()
	}
	l.left[user] = time.Now().UnixMilli()
	var t *time.Timer
	t = time.AfterFunc(l.pace.grace, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.leaving[user] == t {
			delete(l.leaving, user)
			l.change(user)
		}
	})
	l.leaving[user] = t
}

func (l *holding) change(user uint64) {
	l.changed[user] = true
	signal(l.wake)
}

// run keeps the leases until ctx ends; then those that are left end by
// themselves, when their users are on another node.
func (l *holding) run(ctx context.Context) {
	held := map[uint64][]string{}
	t := time.NewTicker(l.pace.renew)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			l.fade(context.WithoutCancel(ctx), held)
			return
		case <-l.wake:
			l.settle(ctx, held, false)
		case <-t.C:
			l.settle(ctx, held, true)
			l.renew(ctx, held)
		}
	}
}

// fade leaves what is held to nobody.
func (l *holding) fade(ctx context.Context, held map[uint64][]string) {
	for range fadeTries {
		err := l.leases.Fade(ctx, time.Now(), l.pace.grace, held)
		if err == nil {
			return
		}
		logx.Errorf("ws: %v", err)
	}
}

// settle makes what is held of the users that changed, or of all, what they
// have now, and rings for those of whom that is news. What fails is done with
// the next renewal.
func (l *holding) settle(ctx context.Context, held map[uint64][]string, all bool) {
	set, gone := l.news(held, all)
	if err := l.leases.Set(ctx, time.Now(), set); err != nil {
		logx.Errorf("ws: %v", err)
		return
	}
	maps.Copy(held, set)
	if err := l.leases.Remove(ctx, gone); err != nil {
		logx.Errorf("ws: %v", err)
		return
	}
	for u := range gone {
		delete(held, u)
	}
	l.ring(ctx, slices.AppendSeq(slices.Collect(maps.Keys(set)), maps.Keys(gone)))
}

// news returns what of the users that changed, or of all, is not held as it
// is: the platforms of who is here, and when the last socket went of who is
// gone.
func (l *holding) news(held map[uint64][]string, all bool) (set map[uint64][]string, gone map[uint64]int64) {
	set, gone = map[uint64][]string{}, map[uint64]int64{}
	l.mu.Lock() // who comes meanwhile has changed again
	defer l.mu.Unlock()
	users := slices.Collect(maps.Keys(l.changed))
	clear(l.changed)
	now := l.users(all, users...)
	if all {
		users = slices.AppendSeq(slices.Collect(maps.Keys(now)), maps.Keys(held))
	}
	for _, u := range users {
		has := now[u]
		if l.leaving[u] != nil { // and may be back in a moment
			has = slices.Compact(slices.Sorted(slices.Values(slices.Concat(has, held[u]))))
		}
		switch {
		case len(has) > 0 && !slices.Equal(has, held[u]):
			set[u] = has
		case len(has) == 0 && len(held[u]) > 0:
			gone[u] = l.left[u]
		}
		if l.leaving[u] == nil {
			delete(l.left, u)
		}
	}
	return set, gone
}

// renew renews all leases.
func (l *holding) renew(ctx context.Context, held map[uint64][]string) {
	if err := l.leases.Set(ctx, time.Now(), held); err != nil {
		logx.Errorf("ws: %v", err)
	}
}

// ring tells the nodes that watch users to look.
func (l *holding) ring(ctx context.Context, users []uint64) {
	for part := range slices.Chunk(users, bellUsers) {
		events := make([]*wire.Event, len(part))
		for i, u := range part {
			events[i] = &wire.Event{Name: event.Presence, Ts: time.Now().UnixMilli(), To: []*wire.Receiver{{UserId: u}}}
		}
		bell, cancel := context.WithTimeout(ctx, bellWait)
		err := l.bus.Publish(bell, events...)
		cancel()
		if err != nil {
			logx.Errorf("ws: watchers hear late of %d users: %v", len(part), err)
			return
		}
	}
}

// signal wakes who waits for c, unless that is under way.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
