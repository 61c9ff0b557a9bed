package model

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/zeromicro/go-zero/core/logx"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tudoIM/common/errs"
)

// activeEvery is how far behind last_active_at may be.
const activeEvery = 5 * time.Minute

// List returns the sessions of user that live at now, the one active last first.
func (q Sessions) List(ctx context.Context, user uint64, now time.Time) (list []*SessionModel, err error) {
	err = q.DB.WithContext(ctx).Where("user_id = ? AND revoked_at = 0 AND refresh_ends_at >= ?", user, now.UnixMilli()).
		Order("last_active_at DESC, id DESC").Limit(MaxSessions).Find(&list).Error
	if err != nil {
		return nil, fmt.Errorf("sessions of %d: %w", user, err)
	}
	return list, nil
}

// Had reports whether device ever had a session of user.
func (q Sessions) Had(ctx context.Context, user uint64, device string) (bool, error) {
	var id uint64
	err := q.DB.WithContext(ctx).Model(&SessionModel{}).Select("id").Where("user_id = ? AND device_id = ?", user, device).
		Limit(1).Row().Scan(&id)
	if err == nil {
		return true, nil
	}
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return false, fmt.Errorf("devices of %d: %w", user, err)
}

// Active notes that s was used at now, unless it was noted lately. What it is
// for can wait: a failure is only logged.
func (q Sessions) Active(ctx context.Context, s *SessionModel, now time.Time) {
	late := now.Add(-activeEvery).UnixMilli()
	if s.LastActiveAt > late {
		return
	}
	err := q.DB.WithContext(ctx).Model(&SessionModel{}).Where("id = ? AND revoked_at = 0 AND last_active_at <= ?", s.ID, late).
		UpdateColumn("last_active_at", now.UnixMilli()).Error
	if err != nil {
		logx.WithContext(ctx).Errorf("session %d is active, which is not noted: %v", s.ID, err)
	}
}

// EndOne ends session id of user on the word of session by, which it returns.
// It answers errs.NotFound when there is no such session of user alive.
func (q Sessions) EndOne(ctx context.Context, user, id, by uint64, now time.Time) (ending *SessionModel, err error) {
	if id > math.MaxInt64 {
		id = 0 // which none has either, and every database can look for
	}
	err = q.DB.Tx(ctx, func(tx *gorm.DB) error {
		var list []*SessionModel
		err := tx.Clauses(clause.Locking{Strength: "UPDATE"}).Where("user_id = ? AND revoked_at = 0 AND id IN ?", user, []uint64{id, by}).
			Order("id").Find(&list).Error
		if err != nil {
			return err
		}
		found := map[uint64]*SessionModel{}
		for _, s := range list {
			found[s.ID] = s
		}
		switch {
		case found[by] == nil:
			return errs.Kicked
		case found[id] == nil:
			return errs.NotFound
		}
		ending = found[by]
		return revoke(tx, []uint64{id}, ReasonLogout, now.UnixMilli())
	})
	if err != nil {
		return nil, fmt.Errorf("end session %d of %d: %w", id, user, err)
	}
	return ending, nil
}
