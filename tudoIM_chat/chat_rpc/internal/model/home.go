package model

import (
	"context"
	"database/sql"
	"fmt"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tudoIM/common/conversation"
	"tudoIM/common/errs"
	"tudoIM/common/msglog"
	"tudoIM/common/wire"
)

var _ conversation.Home = Private{}

// IDs implements conversation.Home.
func (p Private) IDs(ctx context.Context, keys []conversation.Key) (map[conversation.Key]uint64, error) {
	pairs := make([]Pair, len(keys))
	for n, k := range keys {
		pairs[n] = PairOf(k.User, k.Target)
	}
	found, err := p.Find(ctx, pairs)
	ids := make(map[conversation.Key]uint64, len(keys))
	for n, k := range keys {
		if k.Target != 0 { // nobody sends to the system
			ids[k] = found[pairs[n]]
		}
	}
	return ids, err
}

// Stranger implements conversation.Home.
func (Private) Stranger() *errs.Error { return errs.SendNotFriends }

// Dress implements conversation.Home: of two each has the own name only.
func (Private) Dress(context.Context, []*wire.Message) error { return nil }

// Set implements conversation.Home.
func (p Private) Set(ctx context.Context, user uint64, v *conversation.View, s conversation.Setting) error {
	row := UserConversationModel{UserID: user, ConversationID: v.ID, UpdatedAt: s.At}
	set := map[string]any{"updated_at": s.At}
	if s.Muted != nil {
		row.IsMuted, set["is_muted"] = *s.Muted, *s.Muted
	}
	if s.MarkSeq != nil {
		row.MarkSeq, set["mark_seq"] = *s.MarkSeq, *s.MarkSeq
	}
	if s.Draft != nil {
		row.Draft, set["draft"] = *s.Draft, *s.Draft
	}
	if s.HiddenSeq != nil {
		row.HiddenSeq, set["hidden_seq"] = *s.HiddenSeq, *s.HiddenSeq
	}
	if s.ClearSeq != nil {
		row.ClearSeq = *s.ClearSeq
		set["clear_seq"] = gorm.Expr("CASE WHEN user_conversation_models.clear_seq < ? THEN ? ELSE user_conversation_models.clear_seq END", *s.ClearSeq, *s.ClearSeq)
	}
	err := p.DB.Tx(ctx, func(tx *gorm.DB) error {
		if err := p.top(tx, user, v.TargetID, s); err != nil {
			return err
		}
		return tx.Clauses(clause.OnConflict{
			Columns: []clause.Column{{Name: "user_id"}, {Name: "conversation_id"}}, DoUpdates: clause.Assignments(set),
		}).Create(&row).Error
	})
	if err != nil {
		return fmt.Errorf("conversation %d of %d: %w", v.ID, user, err)
	}
	return nil
}

// top keeps the conversation with peer at the top of user's list, or not.
func (Private) top(tx *gorm.DB, user, peer uint64, s conversation.Setting) error {
	row := TopUserModel{UserID: user, TopUserID: peer, CreatedAt: s.At}
	switch {
	case s.Top == nil:
		return nil
	case *s.Top:
		return tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&row).Error
	}
	return tx.Delete(&row).Error
}

// Read implements conversation.Home. The one statement moves the position only
// forward, whatever was read before; a send that holds the row goes first. It
// counts as something that happened in the conversation: the other's devices
// that were away learn of it by Active.
func (p Private) Read(ctx context.Context, user uint64, v *conversation.View, seq uint64, now int64) (moved bool, err error) {
	err = p.DB.Tx(ctx, func(tx *gorm.DB) error {
		moved = v.MarkSeq > v.MaxSeq
		for _, side := range []string{"low", "high"} {
			done := tx.Model(&ConversationModel{}).
				Where("id = ? AND "+side+"_user_id = ? AND "+side+"_read_seq < ?", v.ID, user, seq).
				UpdateColumns(map[string]any{side + "_read_seq": seq, "active_at": gorm.Expr("CASE WHEN active_at < ? THEN ? ELSE active_at END", now, now)})
			if done.Error != nil {
				return done.Error
			}
			moved = moved || done.RowsAffected > 0
		}
		if !moved {
			return nil
		}
		row := UserConversationModel{UserID: user, ConversationID: v.ID, UpdatedAt: now}
		return tx.Clauses(clause.OnConflict{
			Columns:   []clause.Column{{Name: "user_id"}, {Name: "conversation_id"}},
			DoUpdates: clause.Assignments(map[string]any{"mark_seq": 0, "updated_at": now}),
		}).Create(&row).Error
	})
	if err != nil {
		return false, fmt.Errorf("read of conversation %d by %d: %w", v.ID, user, err)
	}
	return moved, nil
}

// TakeBack implements conversation.Home: everybody their own, in time.
func (Private) TakeBack(_ context.Context, _ *sql.Tx, _ *msglog.Head, user uint64, m *wire.Message) (bound bool, err error) {
	if m.SendUserId != user {
		return true, errs.NotYourMessage
	}
	return true, nil
}

// MayPin implements conversation.Home: both may.
func (Private) MayPin(_ context.Context, _ *sql.Tx, h *msglog.Head, _ uint64) error {
	if h.Row.(*ConversationModel).LowUserID == 0 {
		return errs.Forbidden
	}
	return nil
}

// Hearers implements conversation.Home.
func (p Private) Hearers(ctx context.Context, user uint64, v *conversation.View) ([]uint64, error) {
	var c ConversationModel
	if err := p.DB.WithContext(ctx).Take(&c, "id = ?", v.ID).Error; err != nil {
		return nil, fmt.Errorf("conversation %d: %w", v.ID, err)
	}
	together, err := p.with(ctx, user, c.apartFrom(user)...)
	if err != nil {
		return nil, err
	}
	// Who blocks may write, and shows the other no more than that.
	admitted := together[v.TargetID]
	if c.Refusal(user, admitted) != nil || c.Refusal(v.TargetID, admitted) != nil || v.TargetID == user {
		return nil, nil
	}
	return []uint64{v.TargetID}, nil
}

// Peers implements conversation.Home.
func (Private) Peers(user uint64, v *conversation.View) []uint64 {
	if v.Type == wire.System || v.TargetID == user || v.NoReceipts {
		return nil
	}
	return []uint64{v.TargetID}
}

// Readers implements conversation.Home.
func (Private) Readers(_ context.Context, v *conversation.View, m *wire.Message) (read, unread []uint64, err error) {
	switch {
	case m.SendUserId == v.TargetID || v.Type == wire.System:
		return nil, nil, nil // it is for who asks
	case v.NoReceipts:
		return nil, nil, nil // nobody may say
	case v.PeerReadSeq >= m.Seq:
		return []uint64{v.TargetID}, nil, nil
	}
	return nil, []uint64{v.TargetID}, nil
}
