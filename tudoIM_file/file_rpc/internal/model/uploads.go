package model

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tudoIM/common/errs"
)

// Uploads are the queries of upload_models and upload_part_models. All take
// their locks in the order quota, upload, bytes, which is that of Files.
type Uploads struct {
	Files  Files
	Limits UploadLimits
}

// Open records u, gives it its UID, and counts its size and one file in the
// quota of its user as if it was there already. It answers what Check does,
// errs.FileQuota, and errs.TooMany beyond Limits.Open.
func (q Uploads) Open(ctx context.Context, u *UploadModel) error {
	if u.PartSize == 0 {
		u.PartSize = defaultPart
	}
	if err := u.Check(q.Limits.Bytes); err != nil {
		return err
	}
	now := q.Files.DB.Clock.Milli(ctx)
	err := q.Files.DB.Tx(ctx, func(tx *gorm.DB) error {
		// The quota's row is locked from here on: nobody else opens one for this user.
		if err := q.Files.count(tx, u.UserID, u.Size, now); err != nil {
			return err
		}
		var open int64
		err := tx.Model(&UploadModel{}).Where("user_id = ? AND status = ? AND expires_at > ?", u.UserID, UploadOpen, now).Count(&open).Error
		if err != nil {
			return err
		}
		if open >= q.Limits.Open {
			return errs.TooMany.With("maxUploads", q.Limits.Open)
		}
		u.ID, u.CreatedAt, u.UpdatedAt = 0, now, now
		u.UID, u.Status, u.ExpiresAt = newUID(), UploadOpen, q.end(now)
		return tx.Create(u).Error
	})
	if err != nil {
		return fmt.Errorf("open upload of %d: %w", u.UserID, err)
	}
	return nil
}

// end is when what was touched now expires.
func (q Uploads) end(now int64) int64 { return now + q.Limits.Life.Milliseconds() }

// Get returns the upload uid of user. It answers errs.NotFound for one of
// somebody else and for none, and errs.UploadEnded once it has expired.
func (q Uploads) Get(ctx context.Context, user uint64, uid string) (*UploadModel, error) {
	u, err := q.find(ctx, user, uid)
	if err != nil {
		return nil, err
	}
	return u, u.Known(q.Files.DB.Clock.Milli(ctx))
}

func (q Uploads) find(ctx context.Context, user uint64, uid string) (*UploadModel, error) {
	if !isUID(uid) {
		return nil, errs.NotFound
	}
	var u UploadModel
	err := q.Files.DB.WithContext(ctx).Where("uid = ? AND user_id = ?", uid, user).Take(&u).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, errs.NotFound
	}
	if err != nil {
		return nil, fmt.Errorf("upload: %w", err)
	}
	return &u, nil
}

// Parts returns the parts of u that have come, in their order.
func (q Uploads) Parts(ctx context.Context, u *UploadModel) (list []UploadPartModel, err error) {
	if err := q.Files.DB.WithContext(ctx).Where("upload_id = ?", u.ID).Order("n").Find(&list).Error; err != nil {
		return nil, fmt.Errorf("parts: %w", err)
	}
	return list, nil
}

// Put records p, whose bytes are stored where Expect said, as a part of the
// upload uid of user; one that came before with the same number gives its
// bytes back. It answers what Get, Takes and Part do, and errs.Unavailable if
// the bytes may be gone again; then nothing changed.
func (q Uploads) Put(ctx context.Context, user uint64, uid string, p *UploadPartModel) error {
	switch {
	case !isHash(p.SHA256):
		return errs.BadArgument("hash")
	case !isKey(p.BlobKey):
		return errs.BadArgument("key")
	}
	u, err := q.find(ctx, user, uid)
	if err != nil {
		return err
	}
	now := q.Files.DB.Clock.Milli(ctx)
	if err := u.Takes(now); err != nil {
		return err
	}
	if err := u.Part(p.N, p.Size); err != nil {
		return err
	}
	err = q.Files.DB.Tx(ctx, func(tx *gorm.DB) error {
		u, err := lock(tx, u)
		if err != nil {
			return err
		}
		if err := u.Takes(now); err != nil {
			return err
		}
		if err := replace(tx, u, p, now); err != nil {
			return err
		}
		return tx.Model(u).Updates(map[string]any{"ver": u.Ver + 1, "updated_at": now, "expires_at": q.end(now)}).Error
	})
	if err != nil {
		return fmt.Errorf("put part of %d: %w", user, err)
	}
	return nil
}

// lock locks the row of u and returns it as it is, or answers errs.NotFound if
// it is gone.
func lock(tx *gorm.DB, u *UploadModel) (*UploadModel, error) {
	var is UploadModel
	err := tx.Clauses(clause.Locking{Strength: "UPDATE"}).Take(&is, u.ID).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, errs.NotFound
	}
	return &is, err
}

// replace makes p the part with its number of u, whose row is locked.
func replace(tx *gorm.DB, u *UploadModel, p *UploadPartModel, now int64) error {
	var err error
	if p.BlobID, err = refer(tx, p.SHA256, p.BlobKey, p.Size, now); err != nil {
		return err
	}
	var before UploadPartModel
	found := tx.Limit(1).Find(&before, "upload_id = ? AND n = ?", u.ID, p.N)
	if found.Error != nil {
		return found.Error
	}
	p.ID, p.UploadID, p.CreatedAt, p.UpdatedAt = before.ID, u.ID, now, now
	if found.RowsAffected == 0 {
		return tx.Create(p).Error
	}
	if err := leave(tx, []uint64{before.BlobID}, 1, now); err != nil {
		return err
	}
	return tx.Model(p).Select("Size", "SHA256", "BlobID", "BlobKey", "UpdatedAt").Updates(p).Error
}

// Complete records f, put together from the parts of the upload uid of user as
// they were at ver, whose bytes are stored where Expect said. The parts give
// their bytes back, and what the quota had counted for the upload is the
// file's from then on. If the upload is a file already, f becomes that one. It
// answers errs.HashDiffers if another hash was announced, errs.PartWrong while
// parts are missing, errs.Conflict if parts have come since ver, and what Get
// does; then nothing changed.
func (q Uploads) Complete(ctx context.Context, user uint64, uid string, ver int64, f *FileModel) error {
	u, err := q.Get(ctx, user, uid)
	if err != nil {
		return err
	}
	if u.Status == UploadDone {
		return q.became(ctx, u, f)
	}
	f.UserID, f.FileName, f.Size, f.IsPublic = u.UserID, u.FileName, u.Size, false
	if err := f.Check(); err != nil {
		return err
	}
	if u.SHA256 != "" && u.SHA256 != f.SHA256 {
		return errs.HashDiffers
	}
	now := q.Files.DB.Clock.Milli(ctx)
	var is *UploadModel
	err = q.Files.DB.Tx(ctx, func(tx *gorm.DB) (err error) {
		if is, err = lock(tx, u); err != nil || is.Status == UploadDone {
			return err
		}
		return q.complete(tx, is, ver, f, now)
	})
	if err != nil {
		return fmt.Errorf("complete upload of %d: %w", user, err)
	}
	if is.FileUID != f.UID { // another one was faster
		return q.became(ctx, is, f)
	}
	return nil
}

// became makes f the file that u has become.
func (q Uploads) became(ctx context.Context, u *UploadModel, f *FileModel) error {
	is, err := q.Files.Get(ctx, u.UserID, u.FileUID, false)
	if err != nil {
		return err
	}
	*f = *is
	return nil
}

// complete makes u, whose row is locked, the file f.
func (q Uploads) complete(tx *gorm.DB, u *UploadModel, ver int64, f *FileModel, now int64) error {
	if err := u.Takes(now); err != nil {
		return err
	}
	if u.Ver != ver {
		return errs.Conflict
	}
	var err error
	if f.BlobID, err = refer(tx, f.SHA256, f.BlobKey, f.Size, now); err != nil {
		return err
	}
	parts, err := giveBack(tx, u, now)
	if err != nil {
		return err
	}
	if parts != int64(u.Parts()) {
		return errs.PartWrong
	}
	f.ID, f.CreatedAt, f.UpdatedAt = 0, now, now
	f.UID, f.Status = newUID(), StatusLive
	if err := tx.Create(f).Error; err != nil {
		return err
	}
	u.Status, u.FileUID, u.SHA256, u.UpdatedAt, u.ExpiresAt = UploadDone, f.UID, f.SHA256, now, q.end(now)
	return tx.Save(u).Error
}

// Cancel ends the upload uid of user, if it is there and not complete, and gives
// back all that it held. It answers errs.NotFound if it is a file already.
func (q Uploads) Cancel(ctx context.Context, user uint64, uid string) error {
	u, err := q.find(ctx, user, uid)
	if errors.Is(err, errs.NotFound) {
		return nil // one that was cancelled before looks the same
	}
	if err != nil {
		return err
	}
	status, err := q.finish(ctx, u, func(tx *gorm.DB, u *UploadModel, _ int64) error { return tx.Delete(u).Error })
	if err == nil && status == UploadDone {
		return errs.NotFound
	}
	return err
}

// finish gives back what u holds, if it is open, and lets end do with its row
// what is to be done. It returns what status u had before.
func (q Uploads) finish(ctx context.Context, u *UploadModel, end func(tx *gorm.DB, u *UploadModel, now int64) error) (status int8, err error) {
	now := q.Files.DB.Clock.Milli(ctx)
	err = q.Files.DB.Tx(ctx, func(tx *gorm.DB) error {
		// The quota's row is locked first, as everywhere.
		err := tx.Exec("UPDATE file_quota_models SET updated_at = ? WHERE user_id = ?", now, u.UserID).Error
		if err != nil {
			return err
		}
		is, err := lock(tx, u)
		if errors.Is(err, errs.NotFound) {
			status = UploadExpired // or cancelled, meanwhile
			return nil
		}
		if err != nil {
			return err
		}
		if status = is.Status; status != UploadOpen {
			return nil
		}
		if _, err := giveBack(tx, is, now); err != nil {
			return err
		}
		err = tx.Exec("UPDATE file_quota_models SET bytes = bytes - ?, files = files - 1 WHERE user_id = ?", u.Size, u.UserID).Error
		if err != nil {
			return err
		}
		return end(tx, is, now)
	})
	if err != nil {
		return status, fmt.Errorf("end upload of %d: %w", u.UserID, err)
	}
	return status, nil
}

// giveBack removes the parts of u, whose row is locked, and says how many they
// were.
func giveBack(tx *gorm.DB, u *UploadModel, now int64) (parts int64, err error) {
	var held []struct {
		BlobID uint64
		Times  int64
	}
	err = tx.Model(&UploadPartModel{}).Select("blob_id, COUNT(*) AS times").Where("upload_id = ?", u.ID).
		Group("blob_id").Order("blob_id").Find(&held).Error
	if err != nil {
		return 0, err
	}
	blobs := map[int64][]uint64{} // by how many parts have the same bytes
	for _, h := range held {
		parts += h.Times
		blobs[h.Times] = append(blobs[h.Times], h.BlobID)
	}
	for _, times := range slices.Sorted(maps.Keys(blobs)) {
		for some := range slices.Chunk(blobs[times], blobsAtOnce) {
			if err := leave(tx, some, times, now); err != nil {
				return 0, err
			}
		}
	}
	return parts, tx.Where("upload_id = ?", u.ID).Delete(&UploadPartModel{}).Error
}
