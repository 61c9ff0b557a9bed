package model

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tudoIM/common/errs"
	"tudoIM/core/db"
)

// TicketTTL is how long a socket ticket lasts.
const TicketTTL = 30 * time.Second

// TicketModel is a one-time ticket for a socket; only its hash is kept.
type TicketModel struct {
	Hash      string `gorm:"primaryKey"`
	SessionID uint64
	EndsAt    int64
	// TokenEndsAt is when the access token ended that the ticket was got with,
	// in Unix seconds: a socket lives no longer than that.
	TokenEndsAt int64
}

// Tickets are the queries of ticket_models.
type Tickets struct{ DB *db.DB }

// Issue keeps a ticket of session, got with a token that ends at tokenEnds.
func (q Tickets) Issue(ctx context.Context, ticket string, session uint64, tokenEnds int64, now time.Time) error {
	err := q.DB.Tx(ctx, func(tx *gorm.DB) error {
		return tx.Create(&TicketModel{
			Hash: Hash(ticket), SessionID: session, EndsAt: now.Add(TicketTTL).UnixMilli(), TokenEndsAt: tokenEnds,
		}).Error
	})
	if err != nil {
		return fmt.Errorf("issue ticket: %w", err)
	}
	return nil
}

// Sweep removes the tickets that ended before now.
func (q Tickets) Sweep(ctx context.Context, now time.Time) error {
	return q.DB.WithContext(ctx).Where("ends_at < ?", now.UnixMilli()).Delete(&TicketModel{}).Error
}

// Redeem uses ticket up and returns its live session, and when the token ends
// that it was got with. A ticket that is unknown, used or over, or whose
// session has ended, answers errs.Unauthorized.
func (q Tickets) Redeem(ctx context.Context, ticket string, now time.Time) (s *SessionModel, tokenEnds int64, err error) {
	err = q.DB.Tx(ctx, func(tx *gorm.DB) error {
		s = nil
		var t TicketModel
		err := tx.Clauses(clause.Locking{Strength: "UPDATE"}).Take(&t, "hash = ?", Hash(ticket)).Error
		if errors.Is(err, gorm.ErrRecordNotFound) {
			return errs.Unauthorized
		}
		if err != nil {
			return err
		}
		if err := tx.Delete(&t).Error; err != nil {
			return err
		}
		of, err := byID(tx, t.SessionID)
		if err != nil && !errors.Is(err, errs.Kicked) {
			return err
		}
		if err == nil && of.RevokedAt == 0 && now.UnixMilli() <= t.EndsAt {
			s, tokenEnds = of, t.TokenEndsAt
		}
		return nil // the ticket is used up, whatever it was good for
	})
	if err != nil {
		return nil, 0, fmt.Errorf("redeem ticket: %w", err)
	}
	if s == nil {
		return nil, 0, errs.Unauthorized
	}
	return s, tokenEnds, nil
}
