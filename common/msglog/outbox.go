package msglog

import (
	"context"
	"database/sql"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/zeromicro/go-zero/core/logx"

	"tudoIM/common/wire"
)

const (
	// sweepEvery and sweepAge: a commit whose node died before it published is
	// published by another one after this long.
	sweepEvery = 2 * time.Second
	sweepAge   = 5 * time.Second
	// sweepRows bounds one sweep.
	sweepRows = 64
	// maxPending bounds the messages that wait to be published; over it they
	// are left to the sweep.
	maxPending = 16384
	// maxPublish bounds one call of Publish, and publishTimeout its time: in
	// groups each message goes to thousands.
	maxPublish     = 256
	publishTimeout = 10 * time.Second
)

// outbox publishes what was committed. Its rows say what is not published
// yet, one a commit.
type outbox struct {
	log *Log

	mu       sync.Mutex
	messages []Committed
	rows     []uint64 // of the commits whose messages are above
	wake     chan struct{}

	flight []uint64 // rows of the batch in flight, the writer's own; some may be of tries rolled back
}

func newOutbox(l *Log) *outbox { return &outbox{log: l, wake: make(chan struct{}, 1)} }

// keep writes the row of this commit.
func (o *outbox) keep(ctx context.Context, tx *sql.Tx, items []*Item, now int64) error {
	told := make([]string, len(items))
	for n, i := range items {
		told[n] = i.note()
	}
	res, err := tx.ExecContext(ctx, "INSERT INTO "+o.log.tables.Outbox+" (created_at, message_ids) VALUES (?, ?)", now, strings.Join(told, ","))
	if err != nil {
		return err
	}
	id, err := res.LastInsertId()
	o.flight = append(o.flight, uint64(id)) // #nosec G115 -- an auto-increment
	return err
}

// note is how an outbox row names what happened: the message's id, and behind
// it for a change its event, who made it, and the ver it gave.
func (i *Item) note() string {
	id := strconv.FormatUint(i.Message.Id, 10)
	if i.Change == nil {
		return id
	}
	return id + ":" + i.Change.Event + ":" + strconv.FormatUint(i.Sender, 10) + ":" + strconv.FormatUint(i.Message.Ver, 10)
}

// readNote is the inverse of note, without the message itself.
func readNote(s string) (id, ver uint64, c Committed, err error) {
	part := strings.Split(s, ":")
	if id, err = strconv.ParseUint(part[0], 10, 64); err != nil || len(part) == 1 {
		return id, 0, c, err
	}
	if len(part) != 4 {
		return 0, 0, c, strconv.ErrSyntax
	}
	c.Event = part[1]
	if c.By, err = strconv.ParseUint(part[2], 10, 64); err == nil {
		ver, err = strconv.ParseUint(part[3], 10, 64)
	}
	return id, ver, c, err
}

// committed queues what the items stored. A repeat is published again: the
// push of the first may be what its sender missed.
func (o *outbox) committed(items []*Item) {
	o.mu.Lock()
	defer o.mu.Unlock()
	rows := o.flight
	o.flight = nil
	if len(o.messages)+len(items) > maxPending {
		return
	}
	for _, i := range items {
		switch {
		case i.Err != nil || i.Message == nil:
		case i.Change == nil:
			o.messages = append(o.messages, Committed{
				Conversation: i.Conversation, Message: i.Message, Row: i.Head.Row, stored: i.Dup || i.Refers,
			})
		case !i.Dup:
			o.messages = append(o.messages, Committed{
				Conversation: i.Conversation, Message: i.Message, Event: i.Change.Event, By: i.Sender, Row: i.Head.Row,
			})
		}
	}
	o.rows = append(o.rows, rows...)
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// again queues stored messages that their senders have sent again.
func (o *outbox) again(items []*Item) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, i := range items {
		if i.Dup && len(o.messages) < maxPending {
			o.messages = append(o.messages, Committed{Conversation: i.Conversation, Message: i.Message, stored: true})
		}
	}
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

func (o *outbox) run(ctx context.Context) {
	sweep := time.NewTicker(sweepEvery)
	defer sweep.Stop()
	work := context.WithoutCancel(ctx)
	for {
		select {
		case <-o.wake:
			o.drain(work)
		case <-sweep.C:
			if err := o.sweep(work); err != nil {
				logx.Errorf("msglog: sweep of %s: %v", o.log.tables.Outbox, err)
			}
		case <-ctx.Done():
			o.drain(work)
			return
		}
	}
}

// drain publishes what is queued and clears its rows; rows of what could not
// be published stay for the sweep.
func (o *outbox) drain(ctx context.Context) {
	for {
		o.mu.Lock()
		messages, rows := o.messages, o.rows
		o.messages, o.rows = nil, nil
		o.mu.Unlock()
		if len(messages) == 0 {
			return
		}
		if err := o.publish(ctx, messages); err != nil {
			logx.Errorf("msglog: %d messages not published, the sweep will: %v", len(messages), err)
			continue
		}
		if err := o.clear(ctx, rows); err != nil {
			logx.Errorf("msglog: %v", err)
		}
	}
}

func (o *outbox) publish(ctx context.Context, messages []Committed) error {
	messages, err := o.refresh(ctx, messages)
	if err != nil {
		return err
	}
	for some := range slices.Chunk(messages, maxPublish) {
		call, cancel := context.WithTimeout(ctx, publishTimeout)
		err := o.log.domain.Publish(call, some)
		cancel()
		if err != nil {
			return err
		}
	}
	return nil
}

// refresh reads those of messages anew that were not appended just now: what
// they say, and what they refer to, may have been taken back since. A change
// that another one followed is left out, for the message does not show it any
// more: devices see the gap in ver.
func (o *outbox) refresh(ctx context.Context, messages []Committed) ([]Committed, error) {
	var ids []uint64
	for _, c := range messages {
		if c.stored {
			ids = append(ids, c.Message.Id)
		}
	}
	if len(ids) == 0 {
		return messages, nil
	}
	slices.Sort(ids)
	found, err := o.log.ByIDs(ctx, slices.Compact(ids))
	if err != nil {
		return nil, err
	}
	byID := make(map[uint64]Found, len(found))
	fresh := make([]*wire.Message, len(found))
	for n, f := range found {
		byID[f.Message.Id], fresh[n] = f, f.Message
	}
	if o.log.Resolve != nil {
		if err := o.log.Resolve(ctx, fresh); err != nil {
			return nil, err
		}
	}
	kept := messages[:0]
	for _, c := range messages {
		if c.stored {
			f := byID[c.Message.Id]
			if f.Message == nil || c.Event != "" && f.Message.Ver != c.Message.Ver {
				continue
			}
			c.Conversation, c.Message = f.Conversation, f.Message
		}
		kept = append(kept, c)
	}
	return kept, nil
}

func (o *outbox) clear(ctx context.Context, rows []uint64) error {
	if len(rows) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, commitTimeout)
	defer cancel()
	_, err := o.log.pool.ExecContext(ctx, "DELETE FROM "+o.log.tables.Outbox+" WHERE id IN "+Rows(1, len(rows)), Args(rows)...)
	return err
}

// sweep publishes commits that nobody has published in time, because their
// node died or the bus was away: each row by itself, so that what was told is
// done with however much is left.
func (o *outbox) sweep(ctx context.Context) error {
	rows, err := o.stale(ctx)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if err := o.publish(ctx, o.told(r.notes)); err != nil {
			return err
		}
		if err := o.clear(ctx, []uint64{r.id}); err != nil {
			return err
		}
	}
	return nil
}

// told is what notes tell of, whose messages are still to be read.
func (o *outbox) told(notes string) []Committed {
	var list []Committed
	for s := range strings.SplitSeq(notes, ",") {
		id, ver, c, err := readNote(s)
		if err != nil {
			logx.Errorf("msglog: %s has %q, which is nothing that was ever written", o.log.tables.Outbox, s)
			continue
		}
		c.Message, c.stored = &wire.Message{Id: id, Ver: ver}, true
		list = append(list, c)
	}
	return list
}

// row is a row of the outbox.
type row struct {
	id    uint64
	notes string
}

func (o *outbox) stale(ctx context.Context) (rows []row, err error) {
	ctx, cancel := context.WithTimeout(ctx, commitTimeout)
	defer cancel()
	before := o.log.db.Clock.Now(ctx).Add(-sweepAge).UnixMilli()
	found, err := o.log.pool.QueryContext(ctx, "SELECT id, message_ids FROM "+o.log.tables.Outbox+
		" WHERE created_at < ? ORDER BY id LIMIT ?", before, sweepRows)
	if err != nil {
		return nil, err
	}
	defer func() { _ = found.Close() }()
	for found.Next() {
		var r row
		if err := found.Scan(&r.id, &r.notes); err != nil {
			return nil, err
		}
		rows = append(rows, r)
	}
	return rows, found.Err()
}
