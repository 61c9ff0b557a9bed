package msglog

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"tudoIM/common/wire"
)

// MaxPage is the most messages a read returns.
const MaxPage = 200

// Querier is a pool or a transaction.
type Querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// scan reads messages; tail is what follows FROM, the table and its name m.
func (l *Log) scan(ctx context.Context, q Querier, tail string, args []any, each func(conversation uint64, m *wire.Message)) error {
	// #nosec G202 -- the tail is one of this package's own
	rows, err := q.QueryContext(ctx, "SELECT m.conversation_id, m.seq, m.id, m.ver, m.send_user_id, m."+l.tables.Target+
		", m.client_msg_id, m.msg_type, m.msg, m.msg_preview, m.status, m.extra, m.edited_at, m.created_at FROM "+l.tables.Message+" m "+tail, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var conversation uint64
		m := &wire.Message{Type: l.tables.Type}
		var extra []byte
		if err := rows.Scan(&conversation, &m.Seq, &m.Id, &m.Ver, &m.SendUserId, &m.TargetId,
			&m.ClientMsgId, &m.MsgType, &m.Msg, &m.MsgPreview, &m.Status, &extra, &m.EditedAt, &m.CreatedAt); err != nil {
			return err
		}
		if err := addExtra(m, extra); err != nil {
			return err
		}
		each(conversation, m)
	}
	return rows.Err() // a deadlock may show only here
}

func (l *Log) list(ctx context.Context, tail string, args ...any) ([]*wire.Message, error) {
	var list []*wire.Message
	err := l.scan(ctx, l.pool, tail, args, func(_ uint64, m *wire.Message) { list = append(list, m) })
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", l.tables.Message, err)
	}
	return list, nil
}

// Found is a message and the number of its conversation.
type Found struct {
	Conversation uint64
	Message      *wire.Message
}

// MaxID is the highest number a message, or a user, can have: clients keep
// numbers as floats, and SQLite takes none above 2^63-1.
const MaxID = 1<<53 - 1

// ByIDs returns the messages with ids, in the order of conversation and seq.
func (l *Log) ByIDs(ctx context.Context, ids []uint64) ([]Found, error) {
	ids = slices.DeleteFunc(slices.Clone(ids), func(id uint64) bool { return id > MaxID })
	if len(ids) == 0 {
		return nil, nil
	}
	var list []Found
	err := l.scan(ctx, l.pool, "WHERE m.id IN "+Rows(1, len(ids))+" ORDER BY m.conversation_id, m.seq", Args(ids),
		func(conversation uint64, m *wire.Message) { list = append(list, Found{conversation, m}) })
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", l.tables.Message, err)
	}
	return list, nil
}

// At returns the message with seq of each conversation, by conversation.
func (l *Log) At(ctx context.Context, seqs map[uint64]uint64) (map[uint64]*wire.Message, error) {
	found := make(map[uint64]*wire.Message, len(seqs))
	args := make([]any, 0, 2*len(seqs))
	where := ""
	for conversation, seq := range seqs {
		if seq == 0 {
			continue
		}
		if where != "" {
			where += " OR "
		}
		where += "(m.conversation_id = ? AND m.seq = ?)"
		args = append(args, conversation, seq)
	}
	if where == "" {
		return found, nil
	}
	err := l.scan(ctx, l.pool, "WHERE "+where, args, func(conversation uint64, m *wire.Message) { found[conversation] = m })
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", l.tables.Message, err)
	}
	return found, nil
}

// Range is the part of a conversation that a reader asks for: the messages in
// (After, Before), without those that Reader has deleted, and only of Types
// if there are any.
type Range struct {
	Conversation  uint64
	After, Before uint64
	Reader        uint64
	Types         []int32
	Limit         int
}

// First returns the first messages of r, in rising seq.
func (l *Log) First(ctx context.Context, r Range) ([]*wire.Message, error) {
	return l.page(ctx, r, "seq")
}

// Last returns the last messages of r, in rising seq.
func (l *Log) Last(ctx context.Context, r Range) ([]*wire.Message, error) {
	return l.page(ctx, r, "seq DESC")
}

// page returns the first messages of r in order, in rising seq. Each type is
// read by itself, in order from its index: of several at once a database sorts
// all there are.
func (l *Log) page(ctx context.Context, r Range, order string) ([]*wire.Message, error) {
	after := func(a, b *wire.Message) int { return cmp.Compare(a.Seq, b.Seq) }
	if len(r.Types) == 0 {
		list, err := l.read(ctx, r, "", "", order)
		slices.SortFunc(list, after)
		return list, err
	}
	var list []*wire.Message
	for _, t := range slices.Compact(slices.Sorted(slices.Values(r.Types))) {
		some, err := l.read(ctx, r, l.by(l.tables.ByType), " AND m.msg_type = ?", order, t)
		if err != nil {
			return nil, err
		}
		list = append(list, some...)
	}
	slices.SortFunc(list, after)
	if n := len(list) - r.Limit; n > 0 && order == "seq" {
		list = list[:r.Limit]
	} else if n > 0 {
		list = list[n:]
	}
	return list, nil
}

// read returns the first messages of r in order; with an index to read from
// and a further condition, which begins with AND.
func (l *Log) read(ctx context.Context, r Range, index, and, order string, of ...any) ([]*wire.Message, error) {
	args := append([]any{r.Conversation, r.After, r.Before}, of...)
	return l.list(ctx, index+" WHERE m.conversation_id = ? AND m.seq > ? AND m.seq < ?"+and+l.notDeleted()+
		" ORDER BY m."+order+" LIMIT ?", append(args, r.Reader, r.Limit)...)
}

// notDeleted is the condition that leaves out what a reader, its argument, has
// deleted, looked up message by message: for a NOT EXISTS MariaDB first reads
// all that the reader ever deleted, and for a join all for each message.
func (l *Log) notDeleted() string {
	return " AND (SELECT 1 FROM " + l.tables.Deleted + " gone WHERE gone.user_id = ?" +
		" AND gone.conversation_id = m.conversation_id AND gone.seq = m.seq) IS NULL"
}

// by makes the database read from index, where it would guess by figures that
// it may not have.
func (l *Log) by(index string) string {
	if l.db.IsMySQL() {
		return " FORCE INDEX (" + index + ")"
	}
	return " INDEXED BY " + index
}

// LastShown returns the last message in (floor, below) that shows something to
// reader, nil if there is none.
func (l *Log) LastShown(ctx context.Context, conversation, floor, below, reader uint64) (*wire.Message, error) {
	r := Range{Conversation: conversation, After: floor, Before: below, Reader: reader, Limit: 1}
	list, err := l.read(ctx, r, "", " AND m.status <> ?", "seq DESC", StatusDeleted)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return list[0], nil
}

// Changed returns up to limit messages in (floor, seq] that were changed since
// they were appended and whose last change is in (after, upto], in rising ver,
// without those that reader has deleted.
func (l *Log) Changed(ctx context.Context, conversation, floor, seq, after, upto, reader uint64, limit int) ([]*wire.Message, error) {
	return l.list(ctx, l.by(l.tables.ByChange)+" WHERE m.conversation_id = ? AND m.changed_ver > ? AND m.changed_ver <= ?"+
		" AND m.seq > ? AND m.seq <= ?"+l.notDeleted()+" ORDER BY m.changed_ver LIMIT ?",
		conversation, after, upto, floor, seq, reader, limit)
}

// Bundle returns what the merged forward id carries, nil if nothing.
func (l *Log) Bundle(ctx context.Context, id uint64) ([]byte, error) {
	var doc []byte
	err := l.pool.QueryRowContext(ctx, "SELECT messages FROM "+l.tables.Bundle+" WHERE id = ?", id).Scan(&doc)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("bundle %d: %w", id, err)
	}
	return doc, nil
}

// DeletedOf returns which of found, by id, reader has deleted.
func (l *Log) DeletedOf(ctx context.Context, reader uint64, found []Found) (map[uint64]bool, error) {
	if len(found) == 0 {
		return nil, nil
	}
	args := []any{reader}
	for _, f := range found {
		args = append(args, f.Message.Id)
	}
	gone := make(map[uint64]bool)
	return gone, l.numbers(ctx, func(id uint64) { gone[id] = true },
		"SELECT chat_id FROM "+l.tables.Deleted+" WHERE user_id = ? AND chat_id IN "+Rows(1, len(found)), args...)
}

// Pinned returns the ids of the pinned messages of a conversation, the last
// pinned first.
func (l *Log) Pinned(ctx context.Context, conversation uint64) (ids []uint64, err error) {
	err = l.numbers(ctx, func(id uint64) { ids = append(ids, id) },
		"SELECT id FROM "+l.tables.Pin+" WHERE conversation_id = ? ORDER BY created_at DESC, id DESC LIMIT ?", conversation, MaxPage)
	return ids, err
}

// numbers reads a column of numbers.
func (l *Log) numbers(ctx context.Context, each func(uint64), query string, args ...any) error {
	return l.numbersOf(ctx, l.pool, each, query, args...)
}

func (l *Log) numbersOf(ctx context.Context, q Querier, each func(uint64), query string, args ...any) error {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("read %s: %w", l.tables.Message, err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var n uint64
		if err := rows.Scan(&n); err != nil {
			return err
		}
		each(n)
	}
	return rows.Err()
}
