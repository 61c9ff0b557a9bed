package model

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tudoIM/common/errs"
	"tudoIM/common/model"
	"tudoIM/core/db"
	"tudoIM/utils/text"
)

const day = 24 * time.Hour

// FriendModel is a pair of users who have met: friends or not. There is one
// row a pair, and who changes anything between the two locks it first.
type FriendModel struct {
	model.Base
	LowUserID  uint64
	HighUserID uint64
	IsFriend   bool
	Low        Side `gorm:"embedded;embeddedPrefix:low_"`
	High       Side `gorm:"embedded;embeddedPrefix:high_"`
	// Ver rises with every change of either side.
	Ver uint64
	// DeletedAt is when the friendship ended; 0 while it lasts or never was.
	DeletedAt int64
	// RightsVer rises when who may send to whom changes; RightsSynced says
	// that chat_rpc knows.
	RightsVer    uint64
	RightsSynced bool
}

// Side is what one of the two has chosen or done about the other.
type Side struct {
	// Notice is the name this side gives the other.
	Notice string
	IsTop  bool
	Blocks bool
	// Tries are the wrong answers to the other.
	model.TryCount
	// Ver rises with every change that this side sees, and ChangedAt is when it
	// did: the other's name for this one, or block, is no news here.
	Ver       uint64
	ChangedAt int64
}

// news counts a change that this side sees at now.
func (s *Side) news(now time.Time) {
	s.Ver++
	s.ChangedAt = now.UnixMilli()
}

// Of returns the side of user, who must be one of the two.
func (f *FriendModel) Of(user uint64) *Side {
	if user == f.LowUserID {
		return &f.Low
	}
	return &f.High
}

// Peer returns the other of the two.
func (f *FriendModel) Peer(user uint64) uint64 {
	if user == f.LowUserID {
		return f.HighUserID
	}
	return f.LowUserID
}

// Refusal is the code with which user's messages to the other are refused; 0
// means that they are taken.
func (f *FriendModel) Refusal(user uint64) int32 {
	switch {
	case !f.IsFriend:
		return int32(errs.SendNotFriends.Code) // #nosec G115 -- a code has five digits
	case f.Blocked(user):
		return int32(errs.SendBlocked.Code) // #nosec G115 -- a code has five digits
	}
	return 0
}

// Blocked reports whether the other blocks user.
func (f *FriendModel) Blocked(user uint64) bool { return f.Of(f.Peer(user)).Blocks }

// MayWatch reports whether each of the two may see whether the other is
// online, as far as that one shows it.
func (f *FriendModel) MayWatch() bool {
	return f.IsFriend && !f.Low.Blocks && !f.High.Blocks
}

// Befriend makes the two friends at now.
func (f *FriendModel) Befriend(now time.Time) {
	f.IsFriend, f.DeletedAt = true, 0
	f.both(now)
	f.newRights()
}

// both counts a change that both sides see at now.
func (f *FriendModel) both(now time.Time) {
	f.Ver++
	f.Low.news(now)
	f.High.news(now)
}

// own counts a change at now that only user sees.
func (f *FriendModel) own(user uint64, now time.Time) {
	f.Ver++
	f.Of(user).news(now)
}

// Limits bound what one user can pile up.
type Limits struct {
	// RequestsPerDay is how many new requests a user may send in 24 hours.
	RequestsPerDay int
	// Friends is how many friends a user may have.
	Friends int64
}

// Friends are the queries of friend_models and friend_verify_models.
type Friends struct {
	DB     *db.DB
	Limits Limits
}

// order returns a and b, the lower first.
func order(a, b uint64) (low, high uint64) { return min(a, b), max(a, b) }

// Pair returns what is between a and b; for two who never met that is nothing,
// which chat_rpc knows.
func (q Friends) Pair(ctx context.Context, a, b uint64) (*FriendModel, error) {
	low, high := order(a, b)
	f := FriendModel{LowUserID: low, HighUserID: high, RightsSynced: true}
	if len(possible([]uint64{a, b})) < 2 {
		return &f, nil
	}
	err := q.DB.WithContext(ctx).Limit(1).Find(&f, "low_user_id = ? AND high_user_id = ?", low, high).Error
	if err != nil {
		return nil, fmt.Errorf("pair %d %d: %w", low, high, err)
	}
	return &f, nil
}

// MaySee answers errs.NotFound if target is hidden from the other of f, which
// is a stranger: no friend, and between the two waits no request.
func (q Friends) MaySee(ctx context.Context, f *FriendModel, target uint64) error {
	if f.IsFriend {
		return nil
	}
	tx := q.DB.WithContext(ctx)
	theirs, err := confOf(tx, target)
	if err != nil || theirs.SearchUser != SearchHidden {
		return err
	}
	open, err := openOf(tx, f.LowUserID, f.HighUserID)
	if err == nil && open == nil {
		return errs.NotFound
	}
	return err
}

// lock returns the row of a and b, made if they never met, and keeps others
// from it until tx ends.
func lock(tx *gorm.DB, a, b uint64) (*FriendModel, error) {
	low, high := order(a, b)
	for range 2 {
		var f FriendModel
		got := tx.Clauses(clause.Locking{Strength: "UPDATE"}).Limit(1).Find(&f, "low_user_id = ? AND high_user_id = ?", low, high)
		if got.Error != nil {
			return nil, got.Error
		}
		if got.RowsAffected == 1 {
			return &f, nil
		}
		fresh := &FriendModel{LowUserID: low, HighUserID: high, RightsSynced: true}
		if err := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(fresh).Error; err != nil {
			return nil, err
		}
	}
	return nil, fmt.Errorf("pair %d %d was made, but is not there", low, high)
}

// Among returns those of ids that are friends of user.
func (q Friends) Among(ctx context.Context, user uint64, ids []uint64) (map[uint64]bool, error) {
	list, err := q.With(ctx, user, ids)
	if err != nil {
		return nil, err
	}
	friends := make(map[uint64]bool, len(list))
	for _, f := range list {
		friends[f.Peer(user)] = true
	}
	return friends, nil
}

// With returns what is between user and those of ids that are friends of user;
// a closed account is nobody's.
func (q Friends) With(ctx context.Context, user uint64, ids []uint64) ([]*FriendModel, error) {
	if ids = possible(ids); len(ids) == 0 || user > maxID {
		return nil, nil
	}
	var list []*FriendModel
	err := q.of(ctx, user).Select("f.low_user_id", "f.high_user_id", "f.is_friend", "f.low_blocks", "f.high_blocks").
		Where("(f.low_user_id = ? AND f.high_user_id IN ?) OR (f.high_user_id = ? AND f.low_user_id IN ?)", user, ids, user, ids).
		Find(&list).Error
	if err != nil {
		return nil, fmt.Errorf("friends of %d: %w", user, err)
	}
	return list, nil
}

// inList puts friends in the order of user's list: those on top first, then by id.
func inList(user uint64) clause.OrderBy {
	return clause.OrderBy{Expression: clause.Expr{
		SQL: "CASE WHEN f.low_user_id = ? THEN f.low_is_top ELSE f.high_is_top END DESC, u.id", Vars: []any{user},
	}}
}

// of finds the friends of user as f, with their accounts as u.
func (q Friends) of(ctx context.Context, user uint64) *gorm.DB {
	return friendsIn(q.DB.WithContext(ctx), user)
}

func friendsIn(tx *gorm.DB, user uint64) *gorm.DB {
	return tx.Table("friend_models f").
		Joins("JOIN user_models u ON u.id = CASE WHEN f.low_user_id = ? THEN f.high_user_id ELSE f.low_user_id END", user).
		Where("f.low_user_id = ? OR f.high_user_id = ?", user, user).
		Where("f.is_friend = ? AND u.deleted_at = 0", true)
}

// First returns the first friends in user's list, at most limit.
func (q Friends) First(ctx context.Context, user uint64, limit int) (list []*FriendModel, err error) {
	if user > maxID {
		return nil, nil
	}
	if err := q.of(ctx, user).Select("f.*").Clauses(inList(user)).Limit(limit).Find(&list).Error; err != nil {
		return nil, fmt.Errorf("friends of %d: %w", user, err)
	}
	return list, nil
}

// List returns a page of user's friends whose nickname or notice contains
// key, and how many there are: those on top first, then by id. Unless since is
// 0 only those are there of whom user sees anything changed since.
func (q Friends) List(ctx context.Context, user uint64, key string, since uint64, page, limit int32) ([]*FriendModel, int64, error) {
	if !text.Line(key, maxKey) {
		return nil, 0, errs.BadArgument("key")
	}
	if user > maxID || since > maxID {
		return nil, 0, errs.NotFound
	}
	find := q.of(ctx, user)
	if since > 0 {
		find = find.Where("CASE WHEN f.low_user_id = ? THEN f.low_changed_at ELSE f.high_changed_at END >= ? OR u.shown_at >= ?", user, since, since)
	}
	if key != "" {
		find = find.Where("u.nickname LIKE ? ESCAPE '!' OR CASE WHEN f.low_user_id = ? THEN f.low_notice ELSE f.high_notice END LIKE ? ESCAPE '!'",
			text.Like(key), user, text.Like(key))
	}
	var count int64
	if err := find.Session(&gorm.Session{}).Count(&count).Error; err != nil {
		return nil, 0, fmt.Errorf("friends of %d: %w", user, err)
	}
	offset, size := model.Page(page, limit)
	var list []*FriendModel
	err := find.Session(&gorm.Session{}).Select("f.*").Clauses(inList(user)).Offset(offset).Limit(size).Find(&list).Error
	if err != nil {
		return nil, 0, fmt.Errorf("friends of %d: %w", user, err)
	}
	return list, count, nil
}

const (
	// settled is how long a transaction may last: who asks for what changed since
	// an answer is told of what was under way then, too.
	settled = 15 * time.Second
	// maxRemoved is how many ended friendships one answer names.
	maxRemoved = 1000
)

// ListVer is the version of a list that was read at now.
func ListVer(now time.Time) uint64 {
	return uint64(max(0, now.Add(-settled).UnixMilli())) // #nosec G115 -- not below 0
}

// Removed returns those who are friends of user no more since a ListVer. It
// answers errs.SnapshotNeeded if they are too many, or it is no such version.
func (q Friends) Removed(ctx context.Context, user, since uint64, now time.Time) (ids []uint64, err error) {
	if since == 0 {
		return nil, nil
	}
	if since > uint64(now.UnixMilli()) || user > maxID { // #nosec G115 -- not below 0
		return nil, errs.SnapshotNeeded
	}
	err = q.DB.WithContext(ctx).Table("friend_models f").
		Joins("JOIN user_models u ON u.id = CASE WHEN f.low_user_id = ? THEN f.high_user_id ELSE f.low_user_id END", user).
		Where("f.low_user_id = ? OR f.high_user_id = ?", user, user).
		Where("(f.is_friend = ? AND f.deleted_at >= ?) OR (f.is_friend = ? AND u.deleted_at >= ?)", false, since, true, since).
		Order("u.id").Limit(maxRemoved+1).Pluck("u.id", &ids).Error
	if err != nil {
		return nil, fmt.Errorf("friends %d has lost: %w", user, err)
	}
	if len(ids) > maxRemoved {
		return nil, errs.SnapshotNeeded
	}
	return ids, nil
}

// IDs returns the friends of user, in no order: as many as a user may have.
func (q Friends) IDs(ctx context.Context, user uint64) (ids []uint64, err error) {
	if user > maxID {
		return nil, nil
	}
	err = q.of(ctx, user).Limit(int(q.Limits.Friends)).Pluck("u.id", &ids).Error
	if err != nil {
		return nil, fmt.Errorf("friends of %d: %w", user, err)
	}
	return ids, nil
}

// Unsynced returns up to limit pairs above id whose rights chat_rpc may not
// know yet, in rising id.
func (q Friends) Unsynced(ctx context.Context, id uint64, limit int) ([]*FriendModel, error) {
	var list []*FriendModel
	err := q.DB.WithContext(ctx).Where("rights_synced = ? AND id > ?", false, id).Order("id").Limit(limit).Find(&list).Error
	if err != nil {
		return nil, fmt.Errorf("unsynced rights: %w", err)
	}
	return list, nil
}

// Synced records that chat_rpc knows the rights of f, unless they changed since.
func (q Friends) Synced(ctx context.Context, f *FriendModel) error {
	err := q.DB.WithContext(ctx).Model(&FriendModel{}).Where("id = ? AND rights_ver = ?", f.ID, f.RightsVer).
		UpdateColumn("rights_synced", true).Error
	if err != nil {
		return fmt.Errorf("pair %d is synced: %w", f.ID, err)
	}
	return nil
}
