package turn

import (
	"context"
	"errors"
	"testing"
	"time"
)

// stand lets user wait for a turn; what comes out is its end.
func stand(t *testing.T, all *Turns, user uint64, weight int64) chan func() {
	t.Helper()
	had := make(chan func(), 1)
	go func() { had <- take(t, all, user, weight) }()
	return had
}

func take(t *testing.T, all *Turns, user uint64, weight int64) func() {
	t.Helper()
	leave, err := all.Take(t.Context(), user, weight)
	if err != nil {
		t.Error(err)
		return func() {}
	}
	return leave
}

// inLine waits until n of user stand in line or have their turn.
func inLine(t *testing.T, all *Turns, user uint64, n int) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(time.Millisecond) {
		all.mu.Lock()
		mine := all.lines[user]
		is := mine != nil && mine.n == n || mine == nil && n == 0
		all.mu.Unlock()
		if is {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("user %d has not %d in line", user, n)
		}
	}
}

func TestAPileOfOneUserDelaysHimAlone(t *testing.T) {
	t.Parallel()
	all := New(2)
	first := take(t, all, 1, 1)
	const pile = 20
	piled := make(chan func(), pile)
	for range pile {
		go func() { piled <- take(t, all, 1, 1) }()
	}
	inLine(t, all, 1, pile+1)
	// One turn is free: none of the pile may have it, and all others may.
	for user := uint64(2); user < 5; user++ {
		take(t, all, user, 1)()
	}
	if len(piled) > 0 {
		t.Error("two turns of one user")
	}
	first()
	for range pile {
		(<-piled)()
	}
	inLine(t, all, 1, 0)
	if len(all.lines) > 0 {
		t.Errorf("%d are in line", len(all.lines))
	}
}

func TestWhoHasNoTimeLeavesTheLine(t *testing.T) {
	t.Parallel()
	all := New(2)
	leave := <-stand(t, all, 1, 1)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, c := range map[string]struct {
		user   uint64
		weight int64
	}{"behind himself": {1, 1}, "behind another": {2, 2}} {
		if _, err := all.Take(ctx, c.user, c.weight); !errors.Is(err, ErrLate) || !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
	leave()
	(<-stand(t, all, 1, 2))()
	(<-stand(t, all, 2, 2))()
	inLine(t, all, 1, 0)
	inLine(t, all, 2, 0)
}
