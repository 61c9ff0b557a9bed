package auth

import (
	"context"
	"slices"
	"sync"
	"time"

	"tudoIM/common/errs"
)

const (
	// trusted is how long an answer may be used again.
	trusted = 5 * time.Second
	// maxUsers bounds each of the two generations of answers.
	maxUsers = 1 << 16
	// maxSessions bounds the answers kept for one user.
	maxSessions = 16
	// patience bounds one question.
	patience = 2 * time.Second
)

// alive remembers for a few seconds which sessions live. Only good news is
// kept, and only while the bus would tell us of bad.
type alive struct {
	check func(ctx context.Context, user, session uint64) error

	mu sync.Mutex
	up func() bool
	// Answers are in two generations; the elder is dropped as a whole.
	young, elder map[uint64][]answer
	turned       time.Time
	asking       map[question]*asked
}

type question struct{ user, session uint64 }

type answer struct {
	session uint64
	at      time.Time
}

// asked is a question on its way, shared by all who have it.
type asked struct {
	done  chan struct{}
	err   error
	stale bool // the session was named in a kick meanwhile
}

func newAlive(check func(ctx context.Context, user, session uint64) error) *alive {
	a := &alive{check: check, up: func() bool { return false }, asking: map[question]*asked{}}
	a.turn(time.Now())
	return a
}

// trust sets what tells whether kicks are heard.
func (a *alive) trust(up func() bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.up = up
}

// ask returns nil if the session lives.
func (a *alive) ask(ctx context.Context, user, session uint64) error {
	q, now := question{user, session}, time.Now()
	a.mu.Lock()
	if a.up() && a.known(q, now) {
		a.mu.Unlock()
		return nil
	}
	c, ok := a.asking[q]
	if !ok {
		c = &asked{done: make(chan struct{})}
		a.asking[q] = c
		// Others wait for the answer too: it must not end with our request.
		go a.question(context.WithoutCancel(ctx), q, c)
	}
	a.mu.Unlock()
	select {
	case <-c.done:
		return c.err
	case <-ctx.Done():
		return errs.Unavailable
	}
}

func (a *alive) question(ctx context.Context, q question, c *asked) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	at := time.Now()
	defer func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		if a.asking[q] == c {
			delete(a.asking, q)
		}
		if c.err == nil && !c.stale && a.up() {
			a.keep(q, at)
		}
		close(c.done)
	}()
	c.err = a.check(ctx, q.user, q.session)
}

func (a *alive) known(q question, now time.Time) bool {
	for _, generation := range []map[uint64][]answer{a.young, a.elder} {
		for _, k := range generation[q.user] {
			if k.session == q.session && now.Sub(k.at) < trusted {
				return true
			}
		}
	}
	return false
}

func (a *alive) keep(q question, at time.Time) {
	if now := time.Now(); len(a.young) >= maxUsers || now.Sub(a.turned) > trusted {
		a.turn(now)
	}
	kept := slices.DeleteFunc(a.young[q.user], func(k answer) bool { return k.session == q.session })
	if len(kept) >= maxSessions {
		kept = slices.Delete(kept, 0, 1)
	}
	a.young[q.user] = append(kept, answer{q.session, at})
}

func (a *alive) turn(now time.Time) {
	a.young, a.elder, a.turned = map[uint64][]answer{}, a.young, now
}

// forget drops what is known of the user's sessions, of all if none is named.
// An answer on its way may be older than the kick: it is not kept, and who
// asks from now on asks again.
func (a *alive) forget(user uint64, sessions []uint64) {
	named := func(s uint64) bool { return len(sessions) == 0 || slices.Contains(sessions, s) }
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, generation := range []map[uint64][]answer{a.young, a.elder} {
		if kept := slices.DeleteFunc(generation[user], func(k answer) bool { return named(k.session) }); len(kept) > 0 {
			generation[user] = kept
		} else {
			delete(generation, user)
		}
	}
	for q, c := range a.asking {
		if q.user == user && named(q.session) {
			c.stale = true
			delete(a.asking, q)
		}
	}
}

// clear drops all that is known: kicks may have been missed.
func (a *alive) clear() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.young, a.elder = map[uint64][]answer{}, nil
	for q, c := range a.asking {
		c.stale = true
		delete(a.asking, q)
	}
}
