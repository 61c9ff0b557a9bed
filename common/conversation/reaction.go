package conversation

import (
	"context"
	"database/sql"
	"slices"

	"tudoIM/common/errs"
	"tudoIM/common/msglog"
	"tudoIM/common/wire"
)

const (
	// MaxKinds is how many different emojis one message may have.
	MaxKinds = 20
	// MaxPins is how many messages of a conversation may be pinned.
	MaxPins = 50
	// named is how many of those who reacted alike are told by id.
	named = 100
)

// react puts user's emoji under a message, or takes it away.
func (s *Server) react(user uint64, emoji string, on bool) apply {
	return func(ctx context.Context, tx *sql.Tx, _ *msglog.Head, m *wire.Message, now int64) (bool, error) {
		if m.Status != msglog.StatusNormal || !byPeople(m) {
			return false, errs.NoMessage
		}
		known := slices.ContainsFunc(m.Reactions, func(r *wire.Reaction) bool { return r.Emoji == emoji })
		if on && !known && len(m.Reactions) >= MaxKinds {
			return false, errs.ManyReactions
		}
		query, args := "DELETE FROM "+s.Tables.Reaction+" WHERE message_id = ? AND emoji = ? AND user_id = ?", []any{m.Id, emoji, user}
		if on {
			query = s.DB.InsertIgnore() + s.Tables.Reaction + " (message_id, emoji, user_id, created_at) VALUES (?, ?, ?, ?)"
			args = append(args, now)
		}
		done, err := tx.ExecContext(ctx, query, args...)
		if err != nil {
			return false, err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return false, err
		}
		m.Reactions, err = s.reactions(ctx, tx, m.Id)
		return err == nil, err
	}
}

// reactions counts those of a message, the kinds in the order they came.
func (s *Server) reactions(ctx context.Context, tx *sql.Tx, id uint64) ([]*wire.Reaction, error) {
	rows, err := tx.QueryContext(ctx, "SELECT emoji, user_id FROM "+s.Tables.Reaction+
		" WHERE message_id = ? ORDER BY created_at, user_id, emoji", id)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []*wire.Reaction
	kinds := map[string]*wire.Reaction{}
	for rows.Next() {
		var emoji string
		var user uint64
		if err := rows.Scan(&emoji, &user); err != nil {
			return nil, err
		}
		r := kinds[emoji]
		if r == nil {
			r = &wire.Reaction{Emoji: emoji}
			kinds[emoji], list = r, append(list, r)
		}
		if r.Count++; len(r.UserIds) < named {
			r.UserIds = append(r.UserIds, user)
		}
	}
	return list, rows.Err()
}

// pin pins a message to its conversation, or takes it off.
func (s *Server) pin(user uint64, on bool) apply {
	return func(ctx context.Context, tx *sql.Tx, h *msglog.Head, m *wire.Message, now int64) (bool, error) {
		if m.Status != msglog.StatusNormal {
			return false, errs.NoMessage
		}
		if err := s.Home.MayPin(ctx, tx, h, user); err != nil || on == (m.PinnedAt != 0) {
			return false, err
		}
		if !on {
			m.PinnedAt = 0
			_, err := tx.ExecContext(ctx, "DELETE FROM "+s.Tables.Pin+" WHERE id = ?", m.Id)
			return err == nil, err
		}
		var pinned int
		if err := tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM "+s.Tables.Pin+" WHERE conversation_id = ?", h.ID).Scan(&pinned); err != nil {
			return false, err
		}
		if pinned >= MaxPins {
			return false, errs.ManyPins
		}
		m.PinnedAt = now
		_, err := tx.ExecContext(ctx, "INSERT INTO "+s.Tables.Pin+" (id, conversation_id, user_id, created_at) VALUES (?, ?, ?, ?)", m.Id, h.ID, user, now)
		return err == nil, err
	}
}
