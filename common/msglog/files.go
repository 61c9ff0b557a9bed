package msglog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
)

const (
	// MaxCarriers bounds the conversations that Carriers names, and the places of
	// one question to Carries.
	MaxCarriers = 200
	// fileRows bounds the rows of one INSERT of files, within the placeholders that
	// a statement may have.
	fileRows   = 1000
	fileFields = 4
)

// carry writes which files messages carry: uid, conversation, seq and id of
// each. Most batches carry none.
func (l *Log) carry(ctx context.Context, tx *sql.Tx, files []any) error {
	for some := range slices.Chunk(files, fileRows*fileFields) {
		_, err := tx.ExecContext(ctx, "INSERT INTO "+l.tables.File+" (uid, conversation_id, seq, message_id) VALUES "+
			Rows(len(some)/fileFields, fileFields), some...)
		if err != nil {
			return err
		}
	}
	return nil
}

// Carriers returns the conversations in which a message carries the file uid;
// more says that there are others beside those named.
func (l *Log) Carriers(ctx context.Context, uid string) (conversations []uint64, more bool, err error) {
	err = l.numbers(ctx, func(id uint64) { conversations = append(conversations, id) },
		"SELECT DISTINCT conversation_id FROM "+l.tables.File+" WHERE uid = ? LIMIT ?", uid, MaxCarriers+1)
	if len(conversations) > MaxCarriers {
		return conversations[:MaxCarriers], true, err
	}
	return conversations, false, err
}

// Span is the messages in (After, Upto] of a conversation.
type Span struct{ Conversation, After, Upto uint64 }

// Carries reports whether a message in one of spans, at most MaxCarriers, that
// reader has not deleted carries the file uid.
func (l *Log) Carries(ctx context.Context, reader uint64, uid string, spans []Span) (bool, error) {
	if len(spans) == 0 {
		return false, nil
	}
	args := []any{uid}
	for _, s := range spans {
		args = append(args, s.Conversation, s.After, s.Upto)
	}
	one := "(m.conversation_id = ? AND m.seq > ? AND m.seq <= ?)"
	where := strings.Repeat(one+" OR ", len(spans)-1) + one
	var found int
	err := l.pool.QueryRowContext(ctx, "SELECT 1 FROM "+l.tables.File+" m WHERE m.uid = ? AND ("+where+")"+l.notDeleted()+" LIMIT 1",
		append(args, reader)...).Scan(&found)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("file in %s: %w", l.tables.File, err)
	}
	return true, nil
}
