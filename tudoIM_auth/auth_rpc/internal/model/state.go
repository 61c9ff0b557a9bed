package model

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"tudoIM/common/errs"
	"tudoIM/core/db"
)

// OpenStateModel is a state of an open login that was used, kept until it
// would have ended anyway.
type OpenStateModel struct {
	Hash   string `gorm:"primaryKey"`
	EndsAt int64
}

// States are the queries of open_state_models.
type States struct{ DB *db.DB }

// Use uses state up, which ends at end; a second time it answers
// errs.NotRecognised.
func (q States) Use(ctx context.Context, state string, end time.Time) error {
	err := q.DB.WithContext(ctx).Create(&OpenStateModel{Hash: Hash(state), EndsAt: end.UnixMilli()}).Error
	if errors.Is(err, gorm.ErrDuplicatedKey) {
		return errs.NotRecognised
	}
	if err != nil {
		return fmt.Errorf("use a state: %w", err)
	}
	return nil
}

// Sweep removes the states that ended before now.
func (q States) Sweep(ctx context.Context, now time.Time) error {
	return q.DB.WithContext(ctx).Where("ends_at < ?", now.UnixMilli()).Delete(&OpenStateModel{}).Error
}
