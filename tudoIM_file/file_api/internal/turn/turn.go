// Package turn hands out what a process can only do so much of at a time.
package turn

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"golang.org/x/sync/semaphore"
)

// ErrLate says that the time was over before the turn came.
var ErrLate = errors.New("no turn in time")

// Turns are taken one at a time by each user, whoever of them waits longest
// first: who asks for much delays himself, and others by one turn.
type Turns struct {
	all *semaphore.Weighted

	mu    sync.Mutex
	lines map[uint64]*line
}

// line is a user's own, while somebody stands in it.
type line struct {
	first *semaphore.Weighted
	n     int
}

// New returns Turns of which those under way weigh most together.
func New(most int64) *Turns {
	return &Turns{all: semaphore.NewWeighted(most), lines: map[uint64]*line{}}
}

// Take waits for user's turn, which weighs no more than all together and lasts
// until leave is called. It answers ErrLate, and why, when ctx ends before.
func (t *Turns) Take(ctx context.Context, user uint64, weight int64) (leave func(), err error) {
	mine := t.join(user)
	if err := mine.first.Acquire(ctx, 1); err != nil {
		t.leave(user)
		return nil, fmt.Errorf("%w: %w", ErrLate, err)
	}
	end := func() {
		mine.first.Release(1)
		t.leave(user)
	}
	if err := t.all.Acquire(ctx, weight); err != nil {
		end()
		return nil, fmt.Errorf("%w: %w", ErrLate, err)
	}
	return func() {
		t.all.Release(weight)
		end()
	}, nil
}

func (t *Turns) join(user uint64) *line {
	t.mu.Lock()
	defer t.mu.Unlock()
	mine, ok := t.lines[user]
	if !ok {
		mine = &line{first: semaphore.NewWeighted(1)}
		t.lines[user] = mine
	}
	mine.n++
	return mine
}

func (t *Turns) leave(user uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.lines[user].n--; t.lines[user].n == 0 {
		delete(t.lines, user)
	}
}
