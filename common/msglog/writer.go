package msglog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"github.com/zeromicro/go-zero/core/logx"

	"tudoIM/common/errs"
	"tudoIM/common/wire"
	"tudoIM/core/db"
)

const (
	// MaxAppend bounds the items of one call and, with maxBytes, of one commit.
	MaxAppend = 256
	maxBytes  = 1 << 20
	// maxQueued bounds the items that wait; more are refused at once.
	maxQueued = 8192
	// commitTimeout bounds one try of one commit.
	commitTimeout = 5 * time.Second
	// maxTries bounds how often a batch is run again after a deadlock, a lock
	// wait, or a commit whose end is not known.
	maxTries = 6
)

// Log appends to and reads from one set of tables.
type Log struct {
	db     *db.DB
	pool   *sql.DB
	tables Tables
	domain Domain
	ids    *ids
	out    *outbox
	// Resolve, if set, brings messages up to date with what they refer to,
	// before stored ones are published again. It is set before Run.
	Resolve func(ctx context.Context, list []*wire.Message) error

	mu      sync.Mutex
	waiting []*request
	queued  int
	wake    chan struct{}
}

// request is the items of one call, or an act; done is closed when all have
// their end.
type request struct {
	items []*Item
	act   *act
	done  chan struct{}
}

// New returns the log in tables of d.
func New(d *db.DB, tables Tables, domain Domain) (*Log, error) {
	pool, err := d.DB.DB()
	if err != nil {
		return nil, err
	}
	l := &Log{
		db: d, pool: pool, tables: tables, domain: domain,
		ids:  &ids{pool: pool, table: tables.Counter, odd: tables.Odd, lock: forUpdate(d)},
		wake: make(chan struct{}, 1),
	}
	l.out = newOutbox(l)
	return l, nil
}

// forUpdate is the clause that locks the rows a query reads. SQLite has none
// and needs none: a writing transaction is alone there.
func forUpdate(d *db.DB) string {
	if d.IsMySQL() {
		return " FOR UPDATE"
	}
	return ""
}

// Append appends items, in their order where they share a conversation, and
// returns when each has its end. At most MaxAppend items a call. If ctx ends
// first, items without an end may still be stored: a repeat tells.
func (l *Log) Append(ctx context.Context, items []*Item) error {
	if len(items) == 0 {
		return nil
	}
	if len(items) > MaxAppend {
		return errs.BadArgument("list")
	}
	return l.do(ctx, &request{items: items, done: make(chan struct{})})
}

// do queues r and waits for its end.
func (l *Log) do(ctx context.Context, r *request) error {
	l.mu.Lock()
	if l.queued+r.rows() > maxQueued {
		l.mu.Unlock()
		return errs.Unavailable
	}
	l.queued += r.rows()
	l.waiting = append(l.waiting, r)
	l.mu.Unlock()
	select {
	case l.wake <- struct{}{}:
	default:
	}
	select {
	case <-r.done:
		return nil
	case <-ctx.Done():
		return errs.Unavailable
	}
}

// Run commits and publishes until ctx ends; what waits then is still
// committed. One Run a Log.
func (l *Log) Run(ctx context.Context) {
	var wg sync.WaitGroup
	work := context.WithoutCancel(ctx)
	publish, end := context.WithCancel(work)
	wg.Go(func() { l.out.run(publish) })
	defer wg.Wait()
	defer end() // after the last commit, which is still to be published
	for {
		l.commitAll(work)
		select {
		case <-l.wake:
		case <-ctx.Done():
			l.commitAll(work) // what came since
			return
		}
	}
}

// commitAll commits until nothing waits.
func (l *Log) commitAll(ctx context.Context) {
	for batch := l.take(); len(batch) > 0; batch = l.take() {
		l.commit(ctx, batch)
		for _, r := range batch {
			close(r.done)
		}
	}
}

// take returns the requests of the next commit: whole ones, in the order they
// came, up to the bounds.
func (l *Log) take() []*request {
	l.mu.Lock()
	defer l.mu.Unlock()
	rows, bytes, n := 0, 0, 0
	for _, r := range l.waiting {
		size := 0
		for _, i := range r.items {
			size += i.size()
		}
		if n > 0 && (r.act != nil || rows+r.rows() > MaxAppend || bytes+size > maxBytes) {
			break
		}
		rows, bytes, n = rows+r.rows(), bytes+size, n+1
		if r.act != nil {
			break // what comes behind it is judged by what it left
		}
	}
	batch := append([]*request(nil), l.waiting[:n]...)
	clear(l.waiting[:n])
	l.waiting = l.waiting[n:]
	if len(l.waiting) == 0 {
		l.waiting = nil
	}
	l.queued -= rows
	return batch
}

func (l *Log) commit(ctx context.Context, batch []*request) {
	if a := batch[0].act; a != nil {
		l.out.committed(l.perform(ctx, a))
		return
	}
	var items []*Item
	for _, r := range batch {
		items = append(items, r.items...)
	}
	l.settle(ctx, items)
	l.out.committed(items)
}

// settle brings items to their end. An error that is the fault of some row
// must not fail the others: the batch is halved until the row stands alone.
func (l *Log) settle(ctx context.Context, items []*Item) {
	err := l.attempt(ctx, items)
	switch {
	case err == nil:
	case db.IsUnavailable(err) || len(items) == 1:
		logx.Errorf("msglog: %d messages not stored in %s: %v", len(items), l.tables.Message, err)
		if db.IsUnavailable(err) {
			err = errs.Unavailable
		}
		for _, i := range items {
			i.Err = err
		}
	default:
		half := len(items) / 2
		l.settle(ctx, items[:half])
		l.settle(ctx, items[half:])
	}
}

// guarded makes a panic of f an error: all who send share the one who writes.
func guarded(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return f()
}

// attempt runs the batch until it is committed or fails for good. A commit
// whose end is not known is run again too: the check for repeats finds what
// it had stored.
func (l *Log) attempt(ctx context.Context, items []*Item) error {
	careful, unsure := false, false
	var err error
	for range maxTries {
		for _, i := range items {
			i.Message, i.Dup, i.Err, i.Head = nil, false, nil, nil
		}
		if err = guarded(func() error { return l.try(ctx, items, careful) }); err == nil {
			if unsure {
				// The first try may have committed, and then this one has nothing
				// to tell: the sweep tells by the row that the first one left.
				l.out.flight = nil
			}
			return nil
		}
		unsure = unsure || errors.Is(err, errUnknown) || db.IsLost(err)
		switch {
		case db.IsDuplicate(err):
			if careful {
				return err
			}
			careful = true
		case db.IsRetryable(err), errors.Is(err, errUnknown), db.IsLost(err):
			careful = true
		default:
			return err
		}
	}
	return err
}
