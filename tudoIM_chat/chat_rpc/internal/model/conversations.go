package model

import (
	"context"
	"fmt"

	lru "github.com/hashicorp/golang-lru/v2"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tudoIM/common/errs"
	"tudoIM/core/db"
)

// cached bounds the pairs whose conversation's number a process remembers.
// The number of a pair never changes.
const cached = 100_000

// Conversations are the queries of conversation_models.
type Conversations struct {
	db  *db.DB
	ids *lru.Cache[Pair, uint64]
}

// NewConversations returns the queries on d.
func NewConversations(d *db.DB) (*Conversations, error) {
	ids, err := lru.New[Pair, uint64](cached)
	if err != nil {
		return nil, err
	}
	return &Conversations{db: d, ids: ids}, nil
}

// Find returns the numbers of the conversations of pairs; pairs that have none
// are left out, but notes to self, and the system's, always have one.
func (q *Conversations) Find(ctx context.Context, pairs []Pair) (map[Pair]uint64, error) {
	ids := make(map[Pair]uint64, len(pairs))
	lookup := q.db.WithContext(ctx).Select("id", "low_user_id", "high_user_id")
	unknown := 0
	for _, p := range pairs {
		if _, seen := ids[p]; seen || !p.possible() {
			continue
		}
		id, ok := q.ids.Get(p)
		ids[p] = id
		if !ok {
			unknown++
			lookup = lookup.Or("low_user_id = ? AND high_user_id = ?", p.Low, p.High)
		}
	}
	if unknown > 0 {
		var rows []ConversationModel
		if err := lookup.Find(&rows).Error; err != nil {
			return nil, fmt.Errorf("conversations: %w", err)
		}
		for _, r := range rows {
			p := Pair{r.LowUserID, r.HighUserID}
			ids[p] = r.ID
			q.ids.Add(p, r.ID)
		}
	}
	for p, id := range ids {
		if id != 0 {
			continue
		}
		delete(ids, p)
		if p.Low == p.High || p.Low == 0 {
			row, err := q.ensure(ctx, q.db.DB, p)
			if err != nil {
				return nil, err
			}
			ids[p] = row
		}
	}
	return ids, nil
}

// ensure makes the pair's conversation if there is none and returns its number.
func (q *Conversations) ensure(ctx context.Context, tx *gorm.DB, p Pair) (uint64, error) {
	row := p.fresh()
	err := tx.WithContext(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&row).Error
	if err != nil {
		return 0, fmt.Errorf("conversation %v: %w", p, err)
	}
	if err := tx.WithContext(ctx).Take(&row, "low_user_id = ? AND high_user_id = ?", p.Low, p.High).Error; err != nil {
		return 0, fmt.Errorf("conversation %v: %w", p, err)
	}
	return row.ID, nil
}

// Rights are what the two users of a pair are refused with, and whom the other
// blocks.
type Rights struct {
	Low, High               int32
	LowBlocked, HighBlocked bool
	// Version is user_rpc's.
	Version uint64
}

// SetRights puts r, of the two users of p, in force, if its version is higher
// than the one in force. It takes the lock that every send takes, so
// after it returns no refused message is committed.
func (q *Conversations) SetRights(ctx context.Context, p Pair, r Rights) error {
	if !p.possible() || p.Low == 0 {
		return errs.BadArgument("peerId")
	}
	if _, err := q.ensure(ctx, q.db.DB, p); err != nil {
		return err
	}
	err := q.db.Tx(ctx, func(tx *gorm.DB) error {
		return tx.Model(&ConversationModel{}).
			Where("low_user_id = ? AND high_user_id = ? AND rights_ver < ?", p.Low, p.High, r.Version).
			Updates(map[string]any{
				"low_refusal": r.Low, "high_refusal": r.High, "low_blocked": r.LowBlocked, "high_blocked": r.HighBlocked, "rights_ver": r.Version,
			}).Error
	})
	if err != nil {
		return fmt.Errorf("rights of %v: %w", p, err)
	}
	return nil
}
