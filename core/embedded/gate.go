package embedded

import (
	"context"
	"sync"
)

// gate lets a fixed number of holders in, the rest in the order they came.
type gate struct {
	mu    sync.Mutex
	free  int
	queue []chan struct{}
}

func newGate(holders int) *gate {
	return &gate{free: holders}
}

// enter returns nil when the caller holds a place, which it must leave, or the
// error of ctx: then it holds nothing.
func (g *gate) enter(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	g.mu.Lock()
	if g.free > 0 {
		g.free--
		g.mu.Unlock()
		return nil
	}
	turn := make(chan struct{})
	g.queue = append(g.queue, turn)
	g.mu.Unlock()

	select {
	case <-turn:
		return nil
	case <-ctx.Done():
		g.forsake(turn)
		return ctx.Err()
	}
}

// leave gives the place to the one who has waited longest.
func (g *gate) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.queue) == 0 {
		g.free++
		return
	}
	close(g.queue[0])
	g.queue = g.queue[1:]
}

// forsake takes turn out of the queue. If it was called in the meantime, the
// place goes to the next.
func (g *gate) forsake(turn chan struct{}) {
	g.mu.Lock()
	for i, t := range g.queue {
		if t == turn {
			g.queue = append(g.queue[:i:i], g.queue[i+1:]...)
			g.mu.Unlock()
			return
		}
	}
	g.mu.Unlock()
	g.leave()
}

func (g *gate) waiting() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.queue)
}
