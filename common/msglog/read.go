package msglog

import (
	"context"
	"database/sql"
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
		", client_msg_id, msg_type, msg, msg_preview, status, edited_at, created_at FROM "+l.tables.Message+" "+tail, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var conversation uint64
		m := &wire.Message{Type: l.tables.Type}
		if err := rows.Scan(&conversation, &m.Seq, &m.Id, &m.Ver, &m.SendUserId, &m.TargetId,
			&m.ClientMsgId, &m.MsgType, &m.Msg, &m.MsgPreview, &m.Status, &m.EditedAt, &m.CreatedAt); err != nil {
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

// ByIDs returns the messages with ids, in the order of conversation and seq.
func (l *Log) ByIDs(ctx context.Context, ids []uint64) ([]*wire.Message, error) {
	found, err := l.committed(ctx, ids)
	list := make([]*wire.Message, len(found))
	for n, c := range found {
		list[n] = c.Message
	}
	return list, err
}

func (l *Log) committed(ctx context.Context, ids []uint64) ([]Committed, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	args := make([]any, len(ids))
	for n, id := range ids {
		args[n] = id
	}
	var list []Committed
	err := l.scan(ctx, l.pool, "WHERE id IN "+Rows(1, len(ids))+" ORDER BY conversation_id, seq", args,
		func(conversation uint64, m *wire.Message) { list = append(list, Committed{conversation, m, nil}) })
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

// Before returns up to limit messages above floor and below seq (0: the
// newest), in rising seq.
func (l *Log) Before(ctx context.Context, conversation, floor, seq uint64, limit int) ([]*wire.Message, error) {
	if seq == 0 {
		seq = 1 << 62
	}
	list, err := l.list(ctx, "WHERE conversation_id = ? AND seq > ? AND seq < ? ORDER BY seq DESC LIMIT ?", conversation, floor, seq, limit)
	slices.Reverse(list)
	return list, err
}

// After returns up to limit messages in (seq, upto], in rising seq.
func (l *Log) After(ctx context.Context, conversation, seq, upto uint64, limit int) ([]*wire.Message, error) {
	return l.list(ctx, "WHERE conversation_id = ? AND seq > ? AND seq <= ? ORDER BY seq LIMIT ?", conversation, seq, upto, limit)
}

// Changed returns up to limit messages in (floor, seq] that were changed since
// they were appended and whose last change is in (after, upto], in rising ver.
func (l *Log) Changed(ctx context.Context, conversation, floor, seq, after, upto uint64, limit int) ([]*wire.Message, error) {
	return l.list(ctx, "WHERE conversation_id = ? AND ver > ? AND ver <= ? AND changes > 0 AND seq > ? AND seq <= ? ORDER BY ver LIMIT ?",
		conversation, after, upto, floor, seq, limit)
}
