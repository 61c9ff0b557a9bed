package model

import (
	"context"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"tudoIM/common/errs"
	"tudoIM/common/model"
	"tudoIM/utils/text"
)

// maxKey bounds what is searched for, in characters: a hash is as long.
const maxKey = 64

// Find is what files are looked for by.
type Find struct {
	// UserID is the owner, 0 any; an empty Kind is every kind.
	UserID uint64
	Kind   string
	// UID is the one file, whichever else it would have to be.
	UID string
	// Key is a part of the name, or the whole UID or hash.
	Key         string
	Page, Limit int32
}

// All returns a page of the files that f finds, the newest first, and how many
// there are.
func (q Files) All(ctx context.Context, f Find) ([]*FileModel, int64, error) {
	key := strings.TrimSpace(f.Key)
	switch {
	case f.UserID > maxID:
		return nil, 0, errs.BadArgument("userId")
	case f.Kind != "" && !isKind(f.Kind):
		return nil, 0, errs.BadArgument("kind")
	case !text.Line(key, maxKey):
		return nil, 0, errs.BadArgument("key")
	}
	find := q.DB.WithContext(ctx).Model(&FileModel{}).Where("status = ?", StatusLive)
	if f.UserID != 0 {
		find = find.Where("user_id = ?", f.UserID)
	}
	if f.Kind != "" {
		find = find.Where("kind = ?", f.Kind)
	}
	switch {
	case f.UID != "":
		find = find.Where("uid = ?", f.UID)
	case isUID(key):
		find = find.Where("uid = ? OR file_name LIKE ? ESCAPE '!'", key, text.Like(key))
	case isHash(key):
		find = find.Where("sha256 = ?", key)
	case key != "":
		find = find.Where("file_name LIKE ? ESCAPE '!'", text.Like(key))
	}
	var count int64
	if err := find.Session(&gorm.Session{}).Count(&count).Error; err != nil {
		return nil, 0, fmt.Errorf("files: %w", err)
	}
	offset, size := model.Page(f.Page, f.Limit)
	var list []*FileModel
	if err := find.Session(&gorm.Session{}).Order("id DESC").Offset(offset).Limit(size).Find(&list).Error; err != nil {
		return nil, 0, fmt.Errorf("files: %w", err)
	}
	return list, count, nil
}

// Mine returns a page of the files of user, how many there are, and what all
// files of user hold together.
func (q Files) Mine(ctx context.Context, user uint64, kind string, page, limit int32) ([]*FileModel, int64, Quota, error) {
	used, err := q.used(ctx, user)
	if err != nil {
		return nil, 0, Quota{}, err
	}
	list, count, err := q.All(ctx, Find{UserID: user, Kind: kind, Page: page, Limit: limit})
	return list, count, used, err
}
