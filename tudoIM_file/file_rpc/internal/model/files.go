package model

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tudoIM/common/errs"
	"tudoIM/core/db"
)

// maxHashes bounds one question about stored bytes.
const maxHashes = 500

// Quota is what one user's files may hold together.
type Quota struct{ Bytes, Files int64 }

// Files are the queries of file_models, file_blob_models and
// file_quota_models.
type Files struct {
	DB    *db.DB
	Quota Quota
}

// Put records f, whose bytes are stored already, and counts it. It gives f
// its UID, and answers a bad-argument error if f cannot be recorded and
// errs.FileQuota if the user's quota does not allow it; then nothing changed.
func (q Files) Put(ctx context.Context, f *FileModel) error {
	if err := f.Check(); err != nil {
		return err
	}
	now := q.DB.Clock.Milli(ctx)
	err := q.DB.Tx(ctx, func(tx *gorm.DB) error {
		// The quota's row comes first: it puts one user's files in a row, and
		// everybody takes the locks in this order.
		if err := q.count(tx, f, now); err != nil {
			return err
		}
		blob, err := refer(tx, f, now)
		if err != nil {
			return err
		}
		f.ID, f.CreatedAt, f.UpdatedAt = 0, now, now
		f.UID, f.BlobID, f.Status = newUID(), blob.ID, StatusLive
		return tx.Create(f).Error
	})
	if err != nil {
		return fmt.Errorf("put file of %d: %w", f.UserID, err)
	}
	return nil
}

// count adds f to its user's quota. The check is part of the update, which
// works on the row as it is committed, so parallel uploads cannot both take
// the last of it.
func (q Files) count(tx *gorm.DB, f *FileModel, now int64) error {
	err := tx.Exec("INSERT INTO file_quota_models (user_id, bytes, files, updated_at) VALUES (?, 0, 0, ?)"+
		q.DB.Upsert("user_id", "updated_at"), f.UserID, now).Error
	if err != nil {
		return err
	}
	added := tx.Exec("UPDATE file_quota_models SET bytes = bytes + ?, files = files + 1"+
		" WHERE user_id = ? AND bytes <= ? AND files < ?", f.Size, f.UserID, q.Quota.Bytes-f.Size, q.Quota.Files)
	if added.Error == nil && added.RowsAffected == 0 {
		return errs.FileQuota
	}
	return added.Error
}

// refer adds a reference to the bytes of f and returns their row.
func refer(tx *gorm.DB, f *FileModel, now int64) (*FileBlobModel, error) {
	fresh := &FileBlobModel{SHA256: f.SHA256, Size: f.Size, Refs: 1}
	fresh.CreatedAt, fresh.UpdatedAt = now, now
	err := tx.Clauses(clause.OnConflict{
		Columns: []clause.Column{{Name: "sha256"}},
		DoUpdates: clause.Assignments(map[string]any{
			"refs": gorm.Expr("file_blob_models.refs + 1"), "updated_at": now,
		}),
	}).Create(fresh).Error
	if err != nil {
		return nil, err
	}
	var blob FileBlobModel // the id of an upsert is not always told
	if err := tx.Where("sha256 = ?", f.SHA256).Take(&blob).Error; err != nil {
		return nil, err
	}
	if blob.Size != f.Size {
		return nil, errs.BadArgument("size")
	}
	return &blob, nil
}

// Get returns the file if user may read it, else errs.FileAccess, which is
// the same as for a file that does not exist; held says that user may read a
// message that carries it.
func (q Files) Get(ctx context.Context, user uint64, uid string, held bool) (*FileModel, error) {
	if !isUID(uid) {
		return nil, errs.FileAccess
	}
	var f FileModel
	err := q.DB.WithContext(ctx).Where("uid = ?", uid).Take(&f).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, errs.FileAccess
	}
	if err != nil {
		return nil, fmt.Errorf("file: %w", err)
	}
	if !f.CanRead(user, held) {
		return nil, errs.FileAccess
	}
	return &f, nil
}

// Room returns what user may still store, never less than nothing.
func (q Files) Room(ctx context.Context, user uint64) (Quota, error) {
	if user == 0 || user > maxID {
		return Quota{}, errs.BadArgument("userId")
	}
	var used FileQuotaModel
	if err := q.DB.WithContext(ctx).Limit(1).Find(&used, "user_id = ?", user).Error; err != nil {
		return Quota{}, fmt.Errorf("quota of %d: %w", user, err)
	}
	return Quota{Bytes: max(q.Quota.Bytes-used.Bytes, 0), Files: max(q.Quota.Files-used.Files, 0)}, nil
}

// Unused returns those of hashes, at most 500, that no file has.
func (q Files) Unused(ctx context.Context, hashes []string) ([]string, error) {
	if len(hashes) > maxHashes {
		return nil, errs.BadArgument("hashes")
	}
	for _, h := range hashes {
		if !isHash(h) {
			return nil, errs.BadArgument("hashes")
		}
	}
	if len(hashes) == 0 {
		return nil, nil
	}
	var used []string
	err := q.DB.WithContext(ctx).Model(&FileBlobModel{}).Where("sha256 IN ? AND refs > 0", hashes).Pluck("sha256", &used).Error
	if err != nil {
		return nil, fmt.Errorf("unused: %w", err)
	}
	isUsed := make(map[string]bool, len(used))
	for _, h := range used {
		isUsed[h] = true
	}
	unused := make([]string, 0, len(hashes)-len(used))
	for _, h := range hashes {
		if !isUsed[h] {
			unused = append(unused, h)
		}
	}
	return unused, nil
}
