package model

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"tudoIM/common/errs"
	"tudoIM/common/model"
	"tudoIM/utils/text"
)

// Unfriend ends the friendship at now and reports whether there was one. Those
// who were friends once may repeat it; others get errs.NotFriends.
func (f *FriendModel) Unfriend(now time.Time) (changed bool, err error) {
	switch {
	case f.IsFriend:
		f.IsFriend, f.DeletedAt = false, now.UnixMilli()
		f.both(now)
		f.newRights()
		return true, nil
	case f.DeletedAt == 0:
		return false, errs.NotFriends
	}
	return false, nil
}

// Block keeps the other from writing to user from now on and reports whether
// that is new.
func (f *FriendModel) Block(user uint64, now time.Time) (changed bool) {
	return f.block(user, true, now)
}

// Unblock ends user's block at now and reports whether there was one.
func (f *FriendModel) Unblock(user uint64, now time.Time) (changed bool) {
	return f.block(user, false, now)
}

func (f *FriendModel) block(user uint64, on bool, now time.Time) bool {
	side := f.Of(user)
	if side.Blocks == on {
		return false
	}
	side.Blocks = on
	f.own(user, now)
	f.newRights() // also of strangers, whom a group may let write to each other
	return true
}

// newRights says that chat_rpc is to be told who may send.
func (f *FriendModel) newRights() {
	f.RightsVer++
	f.RightsSynced = false
}

// RemarkChange is what a user changes about a friend; nil stays as it is.
type RemarkChange struct {
	// Notice is the name only the user sees; empty is none.
	Notice *string
	IsTop  *bool
}

// Remark applies x to user's side at now and reports whether it changed anything.
func (f *FriendModel) Remark(user uint64, x RemarkChange, now time.Time) (changed bool, err error) {
	if !f.IsFriend {
		return false, errs.NotFriends
	}
	var names []string
	side := f.Of(user)
	model.Set(&side.Notice, x.Notice, "notice", &names)
	model.Set(&side.IsTop, x.IsTop, "isTop", &names)
	if len(names) == 0 {
		return false, nil
	}
	f.own(user, now)
	return true, nil
}

// Unfriend ends the friendship of user and friend at now; see FriendModel.
func (q Friends) Unfriend(ctx context.Context, user, friend uint64, now time.Time) (f *FriendModel, changed bool, err error) {
	return q.change(ctx, user, friend, func(f *FriendModel) (bool, error) { return f.Unfriend(now) })
}

// Remark applies x to what user has about friend at now, or answers
// errs.NotFriends.
func (q Friends) Remark(ctx context.Context, user, friend uint64, x RemarkChange, now time.Time) (f *FriendModel, changed bool, err error) {
	if x.Notice != nil && !text.Line(*x.Notice, maxNotice) {
		return nil, false, errs.BadArgument("notice")
	}
	return q.change(ctx, user, friend, func(f *FriendModel) (bool, error) { return f.Remark(user, x, now) })
}

// Block keeps target, who must be somebody, from writing to user from now on.
func (q Friends) Block(ctx context.Context, user, target uint64, now time.Time) (f *FriendModel, changed bool, err error) {
	return q.change(ctx, user, target, func(f *FriendModel) (bool, error) { return f.Block(user, now), nil })
}

// Unblock ends user's block of target, whoever that is, at now.
func (q Friends) Unblock(ctx context.Context, user, target uint64, now time.Time) (f *FriendModel, changed bool, err error) {
	return q.change(ctx, user, target, func(f *FriendModel) (bool, error) { return f.Unblock(user, now), nil })
}

// change runs do on the locked pair of user and peer. What would change
// nothing takes no lock and makes no row.
func (q Friends) change(ctx context.Context, user, peer uint64, do func(*FriendModel) (changed bool, err error)) (f *FriendModel, changed bool, err error) {
	if f, err = q.Pair(ctx, user, peer); err != nil {
		return nil, false, err
	}
	would := *f
	if changed, err = do(&would); err != nil || !changed {
		return f, false, err
	}
	err = q.DB.Tx(ctx, func(tx *gorm.DB) (err error) {
		if f, err = lock(tx, user, peer); err != nil {
			return err
		}
		if changed, err = do(f); err != nil || !changed {
			return err
		}
		return tx.Save(f).Error
	})
	if err != nil {
		return nil, false, fmt.Errorf("pair %d %d: %w", user, peer, err)
	}
	return f, changed, nil
}

// Blacks returns a page of the pairs in which user blocks the other, by the
// other's id, and how many there are.
func (q Friends) Blacks(ctx context.Context, user uint64, page, limit int32) ([]*FriendModel, int64, error) {
	if user > maxID {
		return nil, 0, errs.NotFound
	}
	find := q.DB.WithContext(ctx).Table("friend_models f").
		Joins("JOIN user_models u ON u.id = CASE WHEN f.low_user_id = ? THEN f.high_user_id ELSE f.low_user_id END", user).
		Where("(f.low_user_id = ? AND f.low_blocks = ?) OR (f.high_user_id = ? AND f.high_blocks = ?)", user, true, user, true).
		Where("u.deleted_at = 0")
	var count int64
	if err := find.Session(&gorm.Session{}).Count(&count).Error; err != nil {
		return nil, 0, fmt.Errorf("blacks of %d: %w", user, err)
	}
	offset, size := model.Page(page, limit)
	var list []*FriendModel
	if err := find.Session(&gorm.Session{}).Select("f.*").Order("u.id").Offset(offset).Limit(size).Find(&list).Error; err != nil {
		return nil, 0, fmt.Errorf("blacks of %d: %w", user, err)
	}
	return list, count, nil
}
