package model

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"tudoIM/common/errs"
)

// Delete deletes the file uid of user for good, and gives back its room and its
// reference to the bytes. It answers errs.FileAccess for a file of others and
// for one that does not exist, also if that was deleted a moment ago: of any
// number of deletes one gives back.
func (q Files) Delete(ctx context.Context, user uint64, uid string) error {
	f, err := q.Own(ctx, user, uid)
	if err != nil {
		return err
	}
	return q.delete(ctx, f)
}

// DeleteAny is Delete for who may delete the files of others.
func (q Files) DeleteAny(ctx context.Context, uid string) error {
	f, err := q.live(ctx, uid)
	if err != nil {
		return err
	}
	return q.delete(ctx, f)
}

func (q Files) delete(ctx context.Context, f *FileModel) error {
	now := q.DB.Clock.Milli(ctx)
	// The quota's row, the bytes' and the file's: the order of Put.
	err := q.DB.Tx(ctx, func(tx *gorm.DB) error {
		for _, step := range []*gorm.DB{
			tx.Exec("UPDATE file_quota_models SET bytes = bytes - ?, files = files - 1, updated_at = ? WHERE user_id = ?", f.Size, now, f.UserID),
			// Bytes that nobody has any more wait from now on to be cleared away.
			tx.Exec("UPDATE file_blob_models SET refs = refs - 1, updated_at = ? WHERE id = ? AND refs > 0", now, f.BlobID),
			tx.Exec("DELETE FROM file_models WHERE id = ?", f.ID),
		} {
			if step.Error != nil {
				return step.Error
			}
			if step.RowsAffected == 0 {
				return errs.FileAccess // another delete came before this one
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("delete file of %d: %w", f.UserID, err)
	}
	return nil
}
