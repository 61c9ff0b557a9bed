// Package outgo carries the messages that this node's clients send to the half
// that stores them: what several of them send while a call is under way goes into the
// next one. The messages of a conversation are one lane's, on every node, and
// a lane is one instance's of the half: so they keep their order on their whole way.
package outgo

import (
	"context"
	"sync"
	"time"

	"google.golang.org/protobuf/proto"

	"tudoIM/common/errs"
	"tudoIM/common/wire"
	"tudoIM/core/registry"
)

const (
	// lanes are the calls that may be under way at once.
	lanes = registry.Lanes
	// maxItems and maxBytes bound one call, within the half's own bounds.
	maxItems = 256
	maxBytes = 1 << 20
	// maxWaiting and maxWaitingBytes bound what waits in a lane; more is refused.
	maxWaiting      = 4096
	maxWaitingBytes = 16 << 20
	// timeout bounds one call.
	timeout = 3 * time.Second
)

// Outgo sends. The zero value is not usable; see New.
type Outgo struct{ lanes [lanes]*lane }

// Done gets the end of one message: its result, or an error after which it is
// not known whether the message is stored.
type Done func(r *wire.SendResult, err error)

// New returns an Outgo over c; it works until ctx ends, and then refuses what
// waits and what still comes.
func New(ctx context.Context, c wire.MessagesClient) *Outgo {
	o := &Outgo{}
	for i := range o.lanes {
		o.lanes[i] = &lane{number: i, chat: c, wake: make(chan struct{}, 1)}
		go o.lanes[i].run(ctx)
	}
	return o
}

// Send hands item over, which goes to a conversation of type kind, and
// returns; done is called once, from another goroutine, or before Send returns
// when too much is waiting already or the end has come.
func (o *Outgo) Send(kind int32, item *wire.SendItem, done Done) {
	l := o.lanes[Lane(kind, item.UserId, item.TargetId)]
	if !l.add(item, done) {
		done(nil, errs.Unavailable)
	}
}

// SendWait is Send for who waits for the end.
func (o *Outgo) SendWait(ctx context.Context, kind int32, item *wire.SendItem) (*wire.SendResult, error) {
	type end struct {
		r   *wire.SendResult
		err error
	}
	ended := make(chan end, 1)
	o.Send(kind, item, func(r *wire.SendResult, err error) { ended <- end{r, err} })
	select {
	case e := <-ended:
		return e.r, e.err
	case <-ctx.Done():
		return nil, errs.Unavailable
	}
}

// Lane returns the lane of a conversation, from who sends to whom: it is the
// same in both directions.
func Lane(kind int32, user, target uint64) int {
	if kind == wire.Group {
		return registry.Lane(0, target)
	}
	return registry.Lane(min(user, target), max(user, target))
}

type waiting struct {
	item *wire.SendItem
	done Done
	size int
}

type lane struct {
	number int
	chat   wire.MessagesClient
	wake   chan struct{}

	mu    sync.Mutex
	queue []waiting
	bytes int // of all in queue
	ended bool
}

func (l *lane) add(item *wire.SendItem, done Done) bool {
	size := proto.Size(item)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended || len(l.queue) >= maxWaiting || l.bytes+size > maxWaitingBytes {
		return false
	}
	l.queue = append(l.queue, waiting{item, done, size})
	l.bytes += size
	select {
	case l.wake <- struct{}{}:
	default:
	}
	return true
}

func (l *lane) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			l.end()
			return
		case <-l.wake:
		}
		for batch := l.take(); len(batch) > 0; batch = l.take() {
			l.send(ctx, batch)
		}
	}
}

// end refuses what waits: nobody waits for ever.
func (l *lane) end() {
	l.mu.Lock()
	left := l.queue
	l.queue, l.ended = nil, true
	l.mu.Unlock()
	for _, w := range left {
		w.done(nil, errs.Unavailable)
	}
}

func (l *lane) take() []waiting {
	l.mu.Lock()
	defer l.mu.Unlock()
	n, bytes := 0, 0
	for n < len(l.queue) && n < maxItems {
		if n > 0 && bytes+l.queue[n].size > maxBytes {
			break
		}
		bytes += l.queue[n].size
		n++
	}
	l.bytes -= bytes
	batch := append([]waiting(nil), l.queue[:n]...)
	clear(l.queue[:n])
	if l.queue = l.queue[n:]; len(l.queue) == 0 {
		l.queue = nil
	}
	return batch
}

func (l *lane) send(ctx context.Context, batch []waiting) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	req := &wire.SendRequest{List: make([]*wire.SendItem, len(batch))}
	for i, w := range batch {
		req.List[i] = w.item
	}
	resp, err := l.chat.Send(registry.WithLane(ctx, l.number), req)
	if err == nil && len(resp.List) != len(batch) {
		err = errs.Internal
	}
	for i, w := range batch {
		if err != nil {
			w.done(nil, err)
			continue
		}
		w.done(resp.List[i], nil)
	}
}
