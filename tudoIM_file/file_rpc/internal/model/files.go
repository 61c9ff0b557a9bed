package model

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"tudoIM/common/errs"
	"tudoIM/core/db"
)

// Quota is what one user's files may hold together.
type Quota struct{ Bytes, Files int64 }

// Files are the queries of file_models and file_quota_models.
type Files struct {
	DB    *db.DB
	Quota Quota
}

// Put records f, whose bytes are stored where Expect said, and counts it. It
// gives f its UID, and answers a bad-argument error if f cannot be recorded,
// errs.FileQuota if the user's quota does not allow it and errs.Unavailable if
// the bytes may be gone again; then nothing changed.
func (q Files) Put(ctx context.Context, f *FileModel) error {
	if err := f.Check(); err != nil {
		return err
	}
	now := q.DB.Clock.Milli(ctx)
	err := q.DB.Tx(ctx, func(tx *gorm.DB) error {
		// The quota's row comes first: it puts one user's files in a row, and
		// everybody takes the locks in this order.
		if err := q.count(tx, f.UserID, f.Size, now); err != nil {
			return err
		}
		var err error
		if f.BlobID, err = refer(tx, f.SHA256, f.BlobKey, f.Size, now); err != nil {
			return err
		}
		f.ID, f.CreatedAt, f.UpdatedAt = 0, now, now
		f.UID, f.Status = newUID(), StatusLive
		return tx.Create(f).Error
	})
	if err != nil {
		return fmt.Errorf("put file of %d: %w", f.UserID, err)
	}
	return nil
}

// count adds a file of size to user's quota. The check is part of the update, which
// works on the row as it is committed, so parallel uploads cannot both take
// the last of it.
func (q Files) count(tx *gorm.DB, user uint64, size, now int64) error {
	err := tx.Exec("INSERT INTO file_quota_models (user_id, bytes, files, updated_at) VALUES (?, 0, 0, ?)"+
		q.DB.Upsert("user_id", "updated_at"), user, now).Error
	if err != nil {
		return err
	}
	added := tx.Exec("UPDATE file_quota_models SET bytes = bytes + ?, files = files + 1"+
		" WHERE user_id = ? AND bytes <= ? AND files < ?", size, user, q.Quota.Bytes-size, q.Quota.Files)
	if added.Error == nil && added.RowsAffected == 0 {
		return errs.FileQuota
	}
	return added.Error
}

// Get returns the file if user may read it, else errs.FileAccess, which is
// the same as for a file that does not exist; held says that user may read a
// message that carries it.
func (q Files) Get(ctx context.Context, user uint64, uid string, held bool) (*FileModel, error) {
	f, err := q.live(ctx, uid)
	if err != nil {
		return nil, err
	}
	if !f.CanRead(user, held) {
		return nil, errs.FileAccess
	}
	return f, nil
}

// Own returns the file if it is user's own, else errs.FileAccess, also for what
// user may only read.
func (q Files) Own(ctx context.Context, user uint64, uid string) (*FileModel, error) {
	f, err := q.live(ctx, uid)
	if err != nil {
		return nil, err
	}
	if user == 0 || f.UserID != user {
		return nil, errs.FileAccess
	}
	return f, nil
}

// live returns the file uid, whoever may read it, or errs.FileAccess.
func (q Files) live(ctx context.Context, uid string) (*FileModel, error) {
	if !isUID(uid) {
		return nil, errs.FileAccess
	}
	var f FileModel
	err := q.DB.WithContext(ctx).Where("uid = ? AND status = ?", uid, StatusLive).Take(&f).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, errs.FileAccess
	}
	if err != nil {
		return nil, fmt.Errorf("file: %w", err)
	}
	return &f, nil
}

// Known returns a live file with these bytes: one of user's own or, if
// anybody's will do, of anybody. It answers errs.FileAccess if there is none.
func (q Files) Known(ctx context.Context, user uint64, hash string, size int64, anybody bool) (*FileModel, error) {
	switch {
	case user == 0 || user > maxID:
		return nil, errs.BadArgument("userId")
	case !isHash(hash):
		return nil, errs.BadArgument("hash")
	case size < 1:
		return nil, errs.BadArgument("size")
	}
	find := q.DB.WithContext(ctx).Where("sha256 = ? AND size = ? AND status = ?", hash, size, StatusLive)
	if !anybody {
		find = find.Where("user_id = ?", user)
	}
	var f FileModel
	err := find.Take(&f).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, errs.FileAccess
	}
	if err != nil {
		return nil, fmt.Errorf("bytes of a file: %w", err)
	}
	return &f, nil
}

// Room returns what user may still store, never less than nothing.
func (q Files) Room(ctx context.Context, user uint64) (Quota, error) {
	used, err := q.used(ctx, user)
	if err != nil {
		return Quota{}, err
	}
	return Quota{Bytes: max(q.Quota.Bytes-used.Bytes, 0), Files: max(q.Quota.Files-used.Files, 0)}, nil
}

// used returns what the files of user hold together.
func (q Files) used(ctx context.Context, user uint64) (Quota, error) {
	if user == 0 || user > maxID {
		return Quota{}, errs.BadArgument("userId")
	}
	var used FileQuotaModel
	if err := q.DB.WithContext(ctx).Limit(1).Find(&used, "user_id = ?", user).Error; err != nil {
		return Quota{}, fmt.Errorf("quota of %d: %w", user, err)
	}
	return Quota{Bytes: used.Bytes, Files: used.Files}, nil
}
