package embedded

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"
)

func TestGateLetsInInTheOrderOfArrival(t *testing.T) {
	t.Parallel()
	g := newGate(1)
	if err := g.enter(t.Context()); err != nil {
		t.Fatal(err)
	}
	var order []int // guarded by the gate
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			if err := g.enter(t.Context()); err != nil {
				t.Error(err)
				return
			}
			order = append(order, i)
			g.leave()
		})
		await(t, func() bool { return g.waiting() == i+1 })
	}
	g.leave()
	wg.Wait()
	for i, got := range order {
		if i != got {
			t.Fatalf("order %v", order)
		}
	}
}

func TestGateKeepsItsPlacesWhenWaitersGiveUp(t *testing.T) {
	t.Parallel()
	g := newGate(2)
	var wg sync.WaitGroup
	for i := range 200 {
		wg.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), time.Duration(i%5)*100*time.Microsecond)
			defer cancel()
			if err := g.enter(ctx); err != nil {
				if !errors.Is(err, context.DeadlineExceeded) {
					t.Error(err)
				}
				return
			}
			<-ctx.Done()
			g.leave()
		})
	}
	wg.Wait()
	if g.free != 2 || g.waiting() != 0 {
		t.Errorf("%d free, %d waiting; want 2 and 0", g.free, g.waiting())
	}
}

// await returns when cond holds and fails the test if it does not within a
// deadline.
func await(t *testing.T, cond func() bool) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	deadline := time.After(10 * time.Second)
	for !cond() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatal("condition did not come true")
		}
	}
}
