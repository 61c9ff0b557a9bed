package model

import (
	"context"
	"database/sql"
	"slices"

	"tudoIM/common/conversation"
	"tudoIM/common/event"
	"tudoIM/common/msglog"
	"tudoIM/common/wire"
	"tudoIM/core/db"
)

// Tables of the private log.
var Tables = msglog.Tables{
	Message: "chat_models", Target: "rev_user_id", ByType: "idx_chat_type", ByChange: "idx_chat_changed",
	Outbox: "chat_outbox_models", Counter: "chat_counter_models", Type: wire.Private,
	Bundle: "chat_bundle_models", Deleted: "user_chat_delete_models",
	Reaction: "chat_reaction_models", Pin: "chat_pin_models", File: "chat_file_models", Bar: "chat_file_bar_models",
}

// Private is the home of private conversations.
type Private struct {
	*Conversations
	DB  *db.DB
	Bus *event.Bus
	// Together says with whom of peers a group lets user write without being
	// friends; without it there are no such groups.
	Together func(ctx context.Context, user uint64, peers []uint64) ([]uint64, error)
}

const conversationColumns = "id, created_at, low_user_id, high_user_id, max_seq, ver, last_at, active_at," +
	" low_read_seq, high_read_seq, low_refusal, high_refusal, low_blocked, high_blocked, rights_ver, is_temporary"

// Lock implements msglog.Domain.
func (p Private) Lock(ctx context.Context, tx *sql.Tx, ids []uint64) ([]*msglog.Head, error) {
	query := "SELECT " + conversationColumns + " FROM conversation_models WHERE id IN " + msglog.Rows(1, len(ids)) + " ORDER BY id"
	if p.DB.IsMySQL() {
		query += " FOR UPDATE"
	}
	rows, err := conversations(ctx, tx, query, ids)
	if err != nil {
		return nil, err
	}
	heads := make([]*msglog.Head, len(rows))
	for n, c := range rows {
		heads[n] = &msglog.Head{ID: c.ID, MaxSeq: c.MaxSeq, Ver: c.Ver, LastAt: c.LastAt, ActiveAt: c.ActiveAt, Row: c}
	}
	return heads, nil
}

func conversations(ctx context.Context, q msglog.Querier, query string, ids []uint64) ([]*ConversationModel, error) {
	rows, err := q.QueryContext(ctx, query, msglog.Args(ids)...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	list := make([]*ConversationModel, 0, len(ids))
	for rows.Next() {
		c := &ConversationModel{}
		if err := rows.Scan(&c.ID, &c.CreatedAt, &c.LowUserID, &c.HighUserID, &c.MaxSeq, &c.Ver, &c.LastAt, &c.ActiveAt,
			&c.LowReadSeq, &c.HighReadSeq, &c.LowRefusal, &c.HighRefusal, &c.LowBlocked, &c.HighBlocked, &c.RightsVer, &c.IsTemporary); err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, rows.Err() // a deadlock may show only here
}

// Refuse implements msglog.Domain: the rows of the conversation and of its
// two users, which are locked, say who may send.
func (p Private) Refuse(ctx context.Context, tx *sql.Tx, items []*msglog.Item) error {
	items = slices.DeleteFunc(slices.Clone(items), func(i *msglog.Item) bool { return i.Change != nil && i.Change.Free })
	if len(items) == 0 {
		return nil
	}
	var users []uint64
	for _, i := range items {
		users = append(users, i.Head.Row.(*ConversationModel).users()...)
	}
	states, err := Senders(p.DB).Of(ctx, tx, users)
	if err != nil {
		return err
	}
	now := p.DB.Clock.Milli(ctx)
	for _, i := range items {
		c := i.Head.Row.(*ConversationModel)
		i.AtUsers, i.AtAll = nil, false // between two everything is for the other
		i.Err = c.Judge(i.Sender, states[i.Sender], states[c.Peer(i.Sender)], i.Admitted, now)
	}
	return nil
}

// Raise implements msglog.Domain. One upsert writes all rows: unlike an
// update with a CASE a column, its cost rises with the rows only once.
func (p Private) Raise(ctx context.Context, tx *sql.Tx, heads []*msglog.Head, sent []*msglog.Item) error {
	for _, i := range sent {
		c := i.Head.Row.(*ConversationModel)
		c.setRead(i.Sender, i.Message.Seq)
		c.IsTemporary = c.IsTemporary || i.Admitted
	}
	const columns = 11
	args := make([]any, 0, columns*len(heads))
	for _, h := range heads {
		c := h.Row.(*ConversationModel)
		c.MaxSeq, c.Ver, c.LastAt, c.ActiveAt = h.MaxSeq, h.Ver, h.LastAt, h.ActiveAt
		args = append(args, c.ID, c.CreatedAt, c.LowUserID, c.HighUserID, c.MaxSeq, c.Ver, c.LastAt, c.ActiveAt, c.LowReadSeq, c.HighReadSeq, c.IsTemporary)
	}
	_, err := tx.ExecContext(ctx, "INSERT INTO conversation_models"+
		" (id, created_at, low_user_id, high_user_id, max_seq, ver, last_at, active_at, low_read_seq, high_read_seq, is_temporary) VALUES "+
		msglog.Rows(len(heads), columns)+p.DB.Upsert("id", "max_seq", "ver", "last_at", "active_at", "low_read_seq", "high_read_seq", "is_temporary"), args...)
	return err
}

// Publish implements msglog.Domain.
func (p Private) Publish(ctx context.Context, messages []msglog.Committed) error {
	rows, err := p.rows(ctx, messages)
	if err != nil {
		return err
	}
	events := make([]*wire.Event, 0, len(messages))
	for _, m := range messages {
		c := rows[m.Conversation]
		if c == nil {
			continue // its conversation is gone, and so are its readers
		}
		e, err := conversation.EventOf(m)
		if err != nil {
			return err
		}
		e.To = c.receivers(m.Message)
		events = append(events, e)
	}
	return p.Bus.Publish(ctx, events...)
}

// rows returns the conversations of messages, from the commit where it is
// still known, else from the table.
func (p Private) rows(ctx context.Context, messages []msglog.Committed) (map[uint64]*ConversationModel, error) {
	rows := make(map[uint64]*ConversationModel, len(messages))
	var unknown []uint64
	for _, m := range messages {
		if c, ok := m.Row.(*ConversationModel); ok {
			rows[m.Conversation] = c
		}
	}
	for _, m := range messages {
		if _, ok := rows[m.Conversation]; !ok {
			rows[m.Conversation] = nil
			unknown = append(unknown, m.Conversation)
		}
	}
	if len(unknown) == 0 {
		return rows, nil
	}
	pool, err := p.DB.DB.DB()
	if err != nil {
		return nil, err
	}
	found, err := conversations(ctx, pool, "SELECT "+conversationColumns+" FROM conversation_models WHERE id IN "+msglog.Rows(1, len(unknown)), unknown)
	for _, c := range found {
		rows[c.ID] = c
	}
	return rows, err
}
