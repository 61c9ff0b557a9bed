package model

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tudoIM/common/errs"
	"tudoIM/common/model"
	"tudoIM/utils/rand"
	"tudoIM/utils/text"
)

const (
	// lease is how long bytes that no file has stay: they may be on their way
	// to be recorded.
	lease = time.Hour
	// garbageBatch bounds one answer about garbage.
	garbageBatch = 500
	// discardBatch bounds how much becomes garbage in one transaction.
	discardBatch = 100
	keyBytes     = 16
)

// FileBlobModel is bytes that are stored, or about to be, and how many files
// have them. The row is there before the bytes are, so that none are stored
// that nobody knows of.
type FileBlobModel struct {
	model.Base
	SHA256 string `gorm:"column:sha256"`
	Size   int64
	Refs   int64
	// BlobKey is the place of the bytes in the store. It is this row's alone and
	// never given again: who removes what was there, however late, removes
	// nothing that was stored since.
	BlobKey string
}

// FileGarbageModel is a place in the store that no row needs any more.
type FileGarbageModel struct {
	model.Base
	BlobKey string
}

// Expect returns where the bytes of hash belong. For an hour nothing clears
// that place away.
func (q Files) Expect(ctx context.Context, hash string, size int64) (key string, err error) {
	switch {
	case !isHash(hash):
		return "", errs.BadArgument("hash")
	case size < 1:
		return "", errs.BadArgument("size")
	}
	now := q.DB.Clock.Milli(ctx)
	var blob FileBlobModel
	err = q.DB.Tx(ctx, func(tx *gorm.DB) error {
		err := tx.Exec("INSERT INTO file_blob_models (created_at, updated_at, sha256, size, refs, blob_key) VALUES (?, ?, ?, ?, 0, ?)"+
			q.DB.Upsert("sha256", "updated_at"), now, now, hash, size, rand.Hex(keyBytes)).Error
		if err != nil {
			return err
		}
		return tx.Where("sha256 = ?", hash).Take(&blob).Error
	})
	if err != nil {
		return "", fmt.Errorf("expect: %w", err)
	}
	if blob.Size != size {
		return "", errs.BadArgument("size")
	}
	return blob.BlobKey, nil
}

// blobsAtOnce bounds how many rows one statement names.
const blobsAtOnce = 500

// refer adds a reference to the bytes of hash, which are at key, and returns
// their row. It answers errs.Unavailable if they have been cleared away since
// they were expected.
func refer(tx *gorm.DB, hash, key string, size, now int64) (id uint64, err error) {
	added := tx.Model(&FileBlobModel{}).Where("sha256 = ? AND blob_key = ? AND size = ?", hash, key, size).
		Updates(map[string]any{"refs": gorm.Expr("refs + 1"), "updated_at": now})
	if added.Error != nil {
		return 0, added.Error
	}
	if added.RowsAffected == 0 {
		return 0, fmt.Errorf("%w: bytes of %s are not expected at %s", errs.Unavailable, hash, key)
	}
	var blob FileBlobModel
	if err := tx.Select("id").Where("sha256 = ?", hash).Take(&blob).Error; err != nil {
		return 0, err
	}
	return blob.ID, nil
}

// leave takes times references from each of the bytes with these ids. Those
// that nobody has any more wait from now on to be cleared away.
func leave(tx *gorm.DB, ids []uint64, times, now int64) error {
	left := tx.Exec("UPDATE file_blob_models SET refs = refs - ?, updated_at = ? WHERE id IN ? AND refs >= ?", times, now, ids, times)
	if left.Error != nil {
		return left.Error
	}
	if left.RowsAffected != int64(len(ids)) {
		return fmt.Errorf("bytes have fewer references than are given back: %d of %d rows", left.RowsAffected, len(ids))
	}
	return nil
}

// Garbage returns at most 500 places after the one with id after that nobody
// needs any more, in the order of their ids. They may be given out many times.
func (q Files) Garbage(ctx context.Context, after uint64) ([]FileGarbageModel, error) {
	list, err := q.garbage(ctx, after)
	if err != nil || len(list) > 0 {
		return list, err
	}
	// What is known goes first: so a great many of those that are not known yet
	// keep nobody from clearing.
	if err := q.discard(ctx); err != nil {
		return nil, fmt.Errorf("unused bytes: %w", err)
	}
	return q.garbage(ctx, after)
}

func (q Files) garbage(ctx context.Context, after uint64) (list []FileGarbageModel, err error) {
	if err := q.DB.WithContext(ctx).Where("id > ?", after).Order("id").Limit(garbageBatch).Find(&list).Error; err != nil {
		return nil, fmt.Errorf("garbage: %w", err)
	}
	return list, nil
}

// discard makes garbage of some of the bytes that nobody has, nor comes for.
func (q Files) discard(ctx context.Context) error {
	now := q.DB.Clock.Milli(ctx)
	return q.DB.Tx(ctx, func(tx *gorm.DB) error {
		var unused []FileBlobModel
		err := tx.Clauses(clause.Locking{Strength: "UPDATE"}).Where("refs = 0 AND updated_at < ?", now-lease.Milliseconds()).
			Order("updated_at").Limit(discardBatch).Find(&unused).Error
		if err != nil || len(unused) == 0 {
			return err
		}
		ids, garbage := make([]uint64, len(unused)), make([]FileGarbageModel, len(unused))
		for n, blob := range unused {
			ids[n], garbage[n].BlobKey = blob.ID, blob.BlobKey
			garbage[n].CreatedAt, garbage[n].UpdatedAt = now, now
		}
		if err := tx.Where("id IN ?", ids).Delete(&FileBlobModel{}).Error; err != nil {
			return err
		}
		return tx.Create(&garbage).Error
	})
}

// Cleared forgets garbage that is gone, at most 500 of it.
func (q Files) Cleared(ctx context.Context, ids []uint64) error {
	if len(ids) > garbageBatch {
		return errs.BadArgument("ids")
	}
	if len(ids) == 0 {
		return nil
	}
	if err := q.DB.WithContext(ctx).Where("id IN ?", ids).Delete(&FileGarbageModel{}).Error; err != nil {
		return fmt.Errorf("garbage: %w", err)
	}
	return nil
}

// isKey reports whether s can be a place in the store: 16 random bytes in hex,
// or the SHA-256 of the bytes, as it was.
func isKey(s string) bool {
	return text.IsHex(s, 2*keyBytes) || isHash(s)
}
