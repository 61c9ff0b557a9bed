package msglog

import (
	"context"
	"fmt"
)

// MaxDeleted bounds what DeletedSince returns.
const MaxDeleted = 2000

// Gone is a message that a user has deleted.
type Gone struct{ Conversation, Seq uint64 }

// Delete deletes the messages of found for reader alone and returns those that
// were not deleted before.
func (l *Log) Delete(ctx context.Context, reader uint64, found []Found, now int64) ([]Found, error) {
	var fresh []Found
	for _, f := range found {
		done, err := l.pool.ExecContext(ctx, l.db.InsertIgnore()+l.tables.Deleted+
			" (user_id, conversation_id, seq, chat_id, created_at) VALUES (?, ?, ?, ?, ?)",
			reader, f.Conversation, f.Message.Seq, f.Message.Id, now)
		if err != nil {
			return fresh, fmt.Errorf("delete message %d for %d: %w", f.Message.Id, reader, err)
		}
		if n, err := done.RowsAffected(); err != nil || n > 0 {
			fresh = append(fresh, f)
		}
	}
	return fresh, nil
}

// DeletedSince returns what reader has deleted at since or later, at most
// MaxDeleted.
func (l *Log) DeletedSince(ctx context.Context, reader uint64, since int64) ([]Gone, error) {
	if reader > MaxID {
		return nil, nil
	}
	rows, err := l.pool.QueryContext(ctx, "SELECT conversation_id, seq FROM "+l.tables.Deleted+
		" WHERE user_id = ? AND created_at >= ? LIMIT ?", reader, since, MaxDeleted)
	if err != nil {
		return nil, fmt.Errorf("deleted of %d: %w", reader, err)
	}
	defer func() { _ = rows.Close() }()
	var list []Gone
	for rows.Next() {
		var g Gone
		if err := rows.Scan(&g.Conversation, &g.Seq); err != nil {
			return nil, err
		}
		list = append(list, g)
	}
	return list, rows.Err()
}
