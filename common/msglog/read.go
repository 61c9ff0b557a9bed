package msglog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"tudoIM/common/wire"
)

// MaxPage is the most messages a read returns.
const MaxPage = 200

// querier is a pool or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// scan reads messages; tail is what follows FROM and the table.
func (l *Log) scan(ctx context.Context, q querier, tail string, args []any, each func(conversation uint64, m *wire.Message)) error {
	// #nosec G202 -- the tail is one of this package's own
	rows, err := q.QueryContext(ctx, "SELECT conversation_id, seq, id, ver, send_user_id, "+l.tables.Target+
		", client_msg_id, msg_type, msg, msg_preview, status, extra, edited_at, created_at FROM "+l.tables.Message+" "+tail, args...)
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

// ByIDs returns the messages with ids, in the order of conversation and seq.
func (l *Log) ByIDs(ctx context.Context, ids []uint64) ([]Found, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var list []Found
	err := l.scan(ctx, l.pool, "WHERE id IN "+Rows(1, len(ids))+" ORDER BY conversation_id, seq", Args(ids),
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
		where += "(conversation_id = ? AND seq = ?)"
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

// where is the condition of r.
func (r Range) where(l *Log) (string, []any) {
	where := "WHERE conversation_id = ? AND seq > ? AND seq < ?"
	args := []any{r.Conversation, r.After, r.Before}
	if len(r.Types) > 0 {
		where += " AND msg_type IN " + Rows(1, len(r.Types))
		for _, t := range r.Types {
			args = append(args, t)
		}
	}
	gone, of := l.notDeleted(r.Reader)
	return where + gone, append(args, of...)
}

// notDeleted is the condition that leaves out what reader has deleted.
func (l *Log) notDeleted(reader uint64) (string, []any) {
	return " AND NOT EXISTS (SELECT 1 FROM " + l.tables.Deleted + " gone WHERE gone.user_id = ? AND gone.conversation_id = " +
		l.tables.Message + ".conversation_id AND gone.seq = " + l.tables.Message + ".seq)", []any{reader}
}

// First returns the first messages of r, in rising seq.
func (l *Log) First(ctx context.Context, r Range) ([]*wire.Message, error) {
	where, args := r.where(l)
	return l.list(ctx, where+" ORDER BY seq LIMIT ?", append(args, r.Limit)...)
}

// Last returns the last messages of r, in rising seq.
func (l *Log) Last(ctx context.Context, r Range) ([]*wire.Message, error) {
	where, args := r.where(l)
	list, err := l.list(ctx, where+" ORDER BY seq DESC LIMIT ?", append(args, r.Limit)...)
	slices.Reverse(list)
	return list, err
}

// LastShown returns the last message in (floor, below) that shows something to
// reader, nil if there is none.
func (l *Log) LastShown(ctx context.Context, conversation, floor, below, reader uint64) (*wire.Message, error) {
	gone, of := l.notDeleted(reader)
	list, err := l.list(ctx, "WHERE conversation_id = ? AND seq > ? AND seq < ? AND status <> ?"+gone+" ORDER BY seq DESC LIMIT 1",
		append([]any{conversation, floor, below, StatusDeleted}, of...)...)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return list[0], nil
}

// Changed returns up to limit messages in (floor, seq] that were changed since
// they were appended and whose last change is in (after, upto], in rising ver,
// without those that reader has deleted.
func (l *Log) Changed(ctx context.Context, conversation, floor, seq, after, upto, reader uint64, limit int) ([]*wire.Message, error) {
	gone, of := l.notDeleted(reader)
	args := append([]any{conversation, after, upto, floor, seq}, of...)
	return l.list(ctx, "WHERE conversation_id = ? AND ver > ? AND ver <= ? AND changes > 0 AND seq > ? AND seq <= ?"+gone+" ORDER BY ver LIMIT ?",
		append(args, limit)...)
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
	rows, err := l.pool.QueryContext(ctx, query, args...)
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
