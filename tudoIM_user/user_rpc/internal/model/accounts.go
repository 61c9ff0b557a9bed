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

// StatusDeleted is the state administrators see of an account that was closed.
const StatusDeleted int32 = 2

// StatusSeen is the state of u as administrators see it.
func (u *UserModel) StatusSeen() int32 {
	if u.DeletedAt != 0 {
		return StatusDeleted
	}
	return u.Status
}

// AccountFilter says which accounts List returns.
type AccountFilter struct {
	// Key is an id, or a part of name or nickname; empty is everybody.
	Key string
	// Status is one of the three; nil is all but deleted.
	Status *int32
	// Role is 0 for both.
	Role int32
}

// List returns a page of the accounts f lets pass, newest first, and how many
// there are.
func (q Users) List(ctx context.Context, f AccountFilter, page, limit int32) ([]*Account, int64, error) {
	key := strings.TrimSpace(f.Key)
	switch {
	case !text.Line(key, maxKey):
		return nil, 0, errs.BadArgument("key")
	case f.Status != nil && (*f.Status < StatusNormal || *f.Status > StatusDeleted):
		return nil, 0, errs.BadArgument("status")
	case f.Role < 0 || f.Role > RoleNormal:
		return nil, 0, errs.BadArgument("role")
	}
	find := q.DB.WithContext(ctx).Model(&UserModel{})
	switch {
	case f.Status == nil:
		find = find.Where("deleted_at = 0")
	case *f.Status == StatusDeleted:
		find = find.Where("deleted_at <> 0")
	default:
		find = find.Where("deleted_at = 0 AND status = ?", *f.Status)
	}
	if f.Role != 0 {
		find = find.Where("role = ?", f.Role)
	}
	if key != "" {
		id, _ := asID(key)
		find = find.Where("id = ? OR nickname LIKE ? ESCAPE '!' OR name_key LIKE ? ESCAPE '!'", id, text.Like(key), text.Like(text.Skeleton(key)))
	}
	var count int64
	if err := find.Session(&gorm.Session{}).Count(&count).Error; err != nil {
		return nil, 0, fmt.Errorf("accounts: %w", err)
	}
	offset, size := model.Page(page, limit)
	var users []*UserModel
	if err := find.Session(&gorm.Session{}).Order("id DESC").Offset(offset).Limit(size).Find(&users).Error; err != nil {
		return nil, 0, fmt.Errorf("accounts: %w", err)
	}
	list, err := q.withConfs(ctx, users)
	return list, count, err
}

// Any returns the account of user, deleted or not, or errs.NotFound.
func (q Users) Any(ctx context.Context, user uint64) (*Account, error) {
	if user == 0 || user > maxID {
		return nil, errs.NotFound
	}
	u, err := q.one(ctx, "id = ?", user)
	if err != nil {
		return nil, err
	}
	list, err := q.withConfs(ctx, []*UserModel{u})
	if err != nil {
		return nil, err
	}
	return list[0], nil
}

func (q Users) withConfs(ctx context.Context, users []*UserModel) ([]*Account, error) {
	if len(users) == 0 {
		return nil, nil
	}
	ids := make([]uint64, len(users))
	for i, u := range users {
		ids[i] = u.ID
	}
	var confs []*UserConfModel
	if err := q.DB.WithContext(ctx).Where("user_id IN ?", ids).Find(&confs).Error; err != nil {
		return nil, fmt.Errorf("settings of accounts: %w", err)
	}
	of := make(map[uint64]*UserConfModel, len(confs))
	for _, c := range confs {
		of[c.UserID] = c
	}
	list := make([]*Account, len(users))
	for i, u := range users {
		if of[u.ID] == nil {
			return nil, fmt.Errorf("account %d has no settings", u.ID)
		}
		list[i] = &Account{u, of[u.ID]}
	}
	return list, nil
}

// Counts returns how many friends each of ids has; those who have none are
// left out.
func (q Friends) Counts(ctx context.Context, ids ...uint64) (map[uint64]int64, error) {
	counts := map[uint64]int64{}
	if ids = possible(ids); len(ids) == 0 {
		return counts, nil
	}
	for side, other := range map[string]string{"low_user_id": "high_user_id", "high_user_id": "low_user_id"} {
		var list []struct {
			UserID uint64
			N      int64
		}
		err := q.DB.WithContext(ctx).Table("friend_models f").Joins("JOIN user_models u ON u.id = f."+other).
			Select("f."+side+" AS user_id, COUNT(*) AS n").
			Where("f."+side+" IN ? AND f.is_friend = ? AND u.deleted_at = 0", ids, true).Group("f." + side).Find(&list).Error
		if err != nil {
			return nil, fmt.Errorf("friends of %d users: %w", len(ids), err)
		}
		for _, c := range list {
			counts[c.UserID] += c.N
		}
	}
	return counts, nil
}
