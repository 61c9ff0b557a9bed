package model

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"
)

// expireBatch bounds how many uploads one turn of Expire is about.
const expireBatch = 100

// Expire ends some of the uploads whose time is over, gives back what they
// held, and forgets some of those that ended long enough ago. It returns how
// many it ended. One that fails keeps no other from it, and several Expires at
// the same time do no harm.
func (q Uploads) Expire(ctx context.Context) (ended int, err error) {
	ended, err = q.expire(ctx)
	return ended, errors.Join(err, q.forget(ctx))
}

func (q Uploads) expire(ctx context.Context) (ended int, failed error) {
	var list []UploadModel
	err := q.Files.DB.WithContext(ctx).Where("status = ? AND expires_at <= ?", UploadOpen, q.Files.DB.Clock.Milli(ctx)).
		Limit(expireBatch).Find(&list).Error
	if err != nil {
		return 0, fmt.Errorf("expired uploads: %w", err)
	}
	for n := range list {
		status, err := q.finish(ctx, &list[n], func(tx *gorm.DB, u *UploadModel, now int64) error {
			if u.ExpiresAt > now {
				return errAlive
			}
			return tx.Model(u).Updates(map[string]any{"status": UploadExpired, "updated_at": now, "expires_at": q.end(now)}).Error
		})
		switch {
		case err == nil && status == UploadOpen:
			ended++
		case err != nil && !errors.Is(err, errAlive):
			failed = errors.Join(failed, err)
		}
	}
	return ended, failed
}

// errAlive says that a part has come for what was about to be ended.
var errAlive = errors.New("the upload goes on")

// forget deletes rows of uploads that hold nothing any more.
func (q Uploads) forget(ctx context.Context) error {
	var ids []uint64
	err := q.Files.DB.WithContext(ctx).Model(&UploadModel{}).
		Where("status IN ? AND expires_at <= ?", []int8{UploadDone, UploadExpired}, q.Files.DB.Clock.Milli(ctx)).
		Limit(expireBatch).Pluck("id", &ids).Error
	if err == nil && len(ids) > 0 {
		err = q.Files.DB.Tx(ctx, func(tx *gorm.DB) error { return tx.Where("id IN ?", ids).Delete(&UploadModel{}).Error })
	}
	if err != nil {
		return fmt.Errorf("old uploads: %w", err)
	}
	return nil
}
