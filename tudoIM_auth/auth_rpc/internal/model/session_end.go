package model

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tudoIM/common/errs"
)

// maxReason bounds why a session ended, in bytes.
const maxReason = 16

// EndBelow ends the sessions of user that were opened on the word of an
// AuthVer below ver, and lets no more be; keep goes on, with ver. It returns
// those that ended. A lower ver than was told before changes nothing; the same
// one neither, but returns what ended for it, so that it is told again.
func (q Sessions) EndBelow(ctx context.Context, user, ver, keep uint64, reason string, now time.Time) (ended []uint64, err error) {
	if user == 0 || reason == "" || len(reason) > maxReason {
		return nil, errs.BadArgument("reason")
	}
	err = q.DB.Tx(ctx, func(tx *gorm.DB) error {
		ended = nil
		least, err := q.lockOwner(tx, user)
		switch {
		case err != nil || ver < least:
			return err
		case ver == least:
			return tx.Model(&SessionModel{}).Where("user_id = ? AND revoked_at <> 0 AND auth_ver < ? AND revoke_reason = ?", user, ver, reason).
				Order("id DESC").Limit(MaxSessions).Pluck("id", &ended).Error
		}
		return endBelow(tx, user, ver, keep, reason, now, &ended)
	})
	if err != nil {
		return nil, fmt.Errorf("end sessions of %d below %d: %w", user, ver, err)
	}
	return ended, nil
}

func endBelow(tx *gorm.DB, user, ver, keep uint64, reason string, now time.Time, ended *[]uint64) error {
	err := tx.Model(&SessionOwnerModel{}).Where("user_id = ?", user).UpdateColumn("min_auth_ver", ver).Error
	if err != nil {
		return err
	}
	alive := func() *gorm.DB {
		return tx.Model(&SessionModel{}).Where("user_id = ? AND revoked_at = 0 AND auth_ver < ?", user, ver)
	}
	if err := alive().Where("id = ?", keep).UpdateColumn("auth_ver", ver).Error; err != nil {
		return err
	}
	err = alive().Clauses(clause.Locking{Strength: "UPDATE"}).Order("id").Pluck("id", ended).Error
	if err != nil {
		return err
	}
	return revoke(tx, *ended, reason, now.UnixMilli())
}
