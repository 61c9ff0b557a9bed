package proxy

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// pieceTime is how long either side may leave us with one piece.
	pieceTime = 10 * time.Second
	// linger is how long the other direction may go on when one has ended.
	linger = time.Second
	// spread is the most over which sockets are told to go, so that they do
	// not all come back at once; a millisecond each, where there are fewer.
	spread = 5 * time.Second
)

// Sockets are the open WebSockets.
type Sockets struct {
	mu      sync.Mutex
	open    map[*socket]struct{}
	leaving bool
	empty   chan struct{} // closed when leaving and none is open
}

func newSockets() *Sockets {
	return &Sockets{open: map[*socket]struct{}{}, empty: make(chan struct{})}
}

// Refuse lets no new socket in.
func (s *Sockets) Refuse() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.leaving {
		return
	}
	s.leaving = true
	if len(s.open) == 0 {
		close(s.empty)
	}
}

// Close tells every socket to go (code 1001) and returns when all have, or
// ctx ends: then it cuts them.
func (s *Sockets) Close(ctx context.Context) {
	s.Refuse()
	s.mu.Lock()
	most := min(spread, time.Duration(len(s.open))*time.Millisecond)
	for c := range s.open {
		time.AfterFunc(time.Duration(rand.Int64N(int64(most)+1)), c.leave) // #nosec G404 -- no secret
	}
	s.mu.Unlock()
	select {
	case <-s.empty:
	case <-ctx.Done():
		s.mu.Lock()
		defer s.mu.Unlock()
		for c := range s.open {
			c.cut()
		}
	}
}

// admits reports whether new sockets are let in.
func (s *Sockets) admits() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.leaving
}

// Len is the number of open sockets.
func (s *Sockets) Len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.open)
}

func (s *Sockets) add(c *socket) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.leaving {
		s.open[c] = struct{}{}
	}
	return !s.leaving
}

func (s *Sockets) remove(c *socket) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, c)
	if s.leaving && len(s.open) == 0 {
		close(s.empty)
	}
}

// socket is two connections with bytes copied both ways. Its two goroutines
// end when either side ends.
type socket struct {
	client, backend net.Conn
	set             *Sockets
	ended           func()

	running atomic.Int32
	leaving atomic.Bool
}

// start begins to copy; seen is what was already sent to the client.
func (c *socket) start(seen frames) {
	c.running.Store(2)
	go c.copy(c.backend, c.client, nil)
	go c.copy(c.client, c.backend, &seen)
}

// copy moves bytes from src to dst until src ends; f, if not nil, follows them.
func (c *socket) copy(dst, src net.Conn, f *frames) {
	defer c.end()
	in := newSource(src)
	for {
		buf, n, err := in.read()
		if n > 0 {
			if f != nil {
				f.pass((*buf)[:n])
			}
			_ = dst.SetWriteDeadline(time.Now().Add(pieceTime))
			if _, werr := dst.Write((*buf)[:n]); werr != nil {
				giveBack(buf)
				c.cut()
				return
			}
		}
		giveBack(buf)
		switch {
		case err == nil:
			if f != nil && c.leaving.Load() && f.between() {
				c.sayGoodbye()
				return
			}
		case errors.Is(err, io.EOF):
			finish(dst)
			return
		case f != nil && c.leaving.Load() && errors.Is(err, os.ErrDeadlineExceeded) && f.between():
			c.sayGoodbye()
			return
		default:
			c.cut()
			return
		}
	}
}

// leave makes the copy to the client stop behind the frame it is in.
func (c *socket) leave() {
	if c.leaving.Swap(true) {
		return
	}
	// A deadline in the past ends the wait for more; bytes that are there
	// already, the rest of a frame among them, may still come within linger.
	_ = c.backend.SetReadDeadline(time.Now().Add(graceFrame))
}

// graceFrame is how long the rest of a frame may take when we leave.
const graceFrame = 100 * time.Millisecond

func (c *socket) sayGoodbye() {
	_ = c.client.SetWriteDeadline(time.Now().Add(linger))
	_, _ = c.client.Write(goingAway)
	finish(c.client)
}

// finish ends what we send on conn, and gives its other direction a moment:
// closing at once could cost it what is still on its way.
func finish(conn net.Conn) {
	if half, ok := conn.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
	}
	_ = conn.SetReadDeadline(time.Now().Add(linger))
}

func (c *socket) cut() {
	_ = c.client.Close()
	_ = c.backend.Close()
}

// end is called by each of the two copies; the last one closes.
func (c *socket) end() {
	if c.running.Add(-1) == 0 {
		c.close()
	}
}

// close ends a socket that is among the open ones.
func (c *socket) close() {
	c.cut()
	c.set.remove(c)
	c.ended()
}
