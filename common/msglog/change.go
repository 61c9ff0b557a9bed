package msglog

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"google.golang.org/protobuf/proto"

	"tudoIM/common/errs"
	"tudoIM/common/wire"
)

// place is where a message is.
type place struct{ conversation, seq uint64 }

// apply makes the changes among items, each to the message as the one before
// left it, and returns the items that still have something to write.
func (l *Log) apply(ctx context.Context, tx *sql.Tx, items []*Item, now int64) ([]*Item, error) {
	at, err := l.stored(ctx, tx, items)
	if err != nil {
		return nil, fmt.Errorf("stored: %w", err)
	}
	left := items[:0]
	for _, i := range items {
		if i.Change == nil {
			left = append(left, i)
			continue
		}
		p := place{i.Conversation, i.Change.Seq}
		if at[p] == nil {
			i.Err = errs.NoMessage
			continue
		}
		m := proto.CloneOf(at[p])
		changed, err := i.Change.Apply(ctx, tx, i.Head, m, now)
		var refusal *errs.Error
		switch {
		case errors.As(err, &refusal):
			i.Err = refusal
		case err != nil:
			return nil, fmt.Errorf("change of message %d: %w", m.Id, err)
		case !changed:
			i.Message, i.Dup = at[p], true
		default:
			i.Message, at[p] = m, m
			left = append(left, i)
		}
	}
	return left, nil
}

// stored reads the messages that items change.
func (l *Log) stored(ctx context.Context, tx *sql.Tx, items []*Item) (map[place]*wire.Message, error) {
	var args []any
	where := ""
	for _, i := range items {
		if i.Change == nil {
			continue
		}
		if where != "" {
			where += " OR "
		}
		where += "(m.conversation_id = ? AND m.seq = ?)"
		args = append(args, i.Conversation, i.Change.Seq)
	}
	if where == "" {
		return nil, nil
	}
	at := map[place]*wire.Message{}
	err := l.scan(ctx, tx, "WHERE "+where, args, func(conversation uint64, m *wire.Message) { at[place{conversation, m.Seq}] = m })
	return at, err
}

// rewrite writes the messages that items changed, each as the last change
// left it.
func (l *Log) rewrite(ctx context.Context, tx *sql.Tx, items []*Item) error {
	last := map[place]*wire.Message{}
	for _, i := range items {
		if i.Change != nil {
			last[place{i.Conversation, i.Change.Seq}] = i.Message
		}
	}
	for p, m := range last {
		extra, err := extraOf(m)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "UPDATE "+l.tables.Message+
			" SET ver = ?, changed_ver = ?, changes = changes + 1, status = ?, msg_type = ?, msg = ?, msg_preview = ?, extra = ?, edited_at = ?"+
			" WHERE conversation_id = ? AND seq = ?",
			m.Ver, m.Ver, m.Status, m.MsgType, string(m.Msg), m.MsgPreview, extra, m.EditedAt, p.conversation, p.seq)
		if err != nil {
			return err
		}
		if m.Status == StatusNormal {
			continue
		}
		// Nothing of what is taken back stays.
		for _, table := range []string{l.tables.Bundle + " WHERE id = ?", l.tables.Pin + " WHERE id = ?", l.tables.Reaction + " WHERE message_id = ?", l.tables.File + " WHERE message_id = ?"} {
			if _, err := tx.ExecContext(ctx, "DELETE FROM "+table, m.Id); err != nil {
				return err
			}
		}
	}
	return nil
}

// extra is what few messages have, as it is stored with them.
type extra struct {
	AtUsers   []uint64         `json:"atUserIds,omitempty"`
	AtAll     bool             `json:"atAll,omitempty"`
	Reactions []*wire.Reaction `json:"reactions,omitempty"`
	PinnedAt  int64            `json:"pinnedAt,omitempty"`
}

// extraOf returns the column of m: nil for most.
func extraOf(m *wire.Message) (any, error) {
	if len(m.AtUserIds) == 0 && !m.AtAll && len(m.Reactions) == 0 && m.PinnedAt == 0 {
		return nil, nil
	}
	doc, err := json.Marshal(extra{m.AtUserIds, m.AtAll, m.Reactions, m.PinnedAt})
	if err != nil {
		return nil, fmt.Errorf("extra of message %d: %w", m.Id, err)
	}
	return string(doc), nil
}

// addExtra reads the column into m.
func addExtra(m *wire.Message, column []byte) error {
	if len(column) == 0 {
		return nil
	}
	var e extra
	if err := json.Unmarshal(column, &e); err != nil {
		return fmt.Errorf("extra of message %d: %w", m.Id, err)
	}
	m.AtUserIds, m.AtAll, m.Reactions, m.PinnedAt = e.AtUsers, e.AtAll, e.Reactions, e.PinnedAt
	return nil
}
