package model

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"gorm.io/gorm"

	"tudoIM/common/errs"
	"tudoIM/common/model"
	"tudoIM/core/db"
	"tudoIM/utils/text"
)

// Roles of a user.
const (
	RoleAdmin  int32 = 1
	RoleNormal int32 = 2
)

// States of an account.
const (
	StatusNormal   int32 = 0
	StatusDisabled int32 = 1
)

// maxID is the highest number an id can have: clients keep ids as floats, and
// SQLite takes no number above 2^63-1.
const maxID = 1<<53 - 1

// UserModel is one account.
type UserModel struct {
	model.Base
	// UserName is the name as shown; NameKey is the same for all its spellings.
	UserName string
	NameKey  string
	// Pwd is the password's hash in its encoded form.
	Pwd            string
	Nickname       string
	Abstract       string
	Avatar         string
	Role           int32
	Status         int32
	RegisterSource string
	// Ver rises with every change of what others see, and ShownAt is when that
	// was last.
	Ver       uint64
	ShownAt   int64
	DeletedAt int64
	// SenderVer rises when it changes whether the user may send at all;
	// ChatSynced and GroupSynced say that chat_rpc and group_rpc know.
	SenderVer   uint64
	ChatSynced  bool
	GroupSynced bool
	// AuthVer rises when sessions opened before are to end, for AuthReason, but
	// KeepSession; AuthSynced says that auth_rpc knows.
	AuthVer     uint64
	AuthReason  string
	KeepSession uint64
	AuthSynced  bool
}

// Why sessions end, as the kick event tells it.
const (
	EndedByAdmin    = "admin"
	EndedByPassword = "password"
	EndedByOwner    = "logout"
)

// endSessions says that auth_rpc is to end the user's sessions but keep.
func (u *UserModel) endSessions(reason string, keep uint64) {
	u.AuthVer++
	u.AuthReason, u.KeepSession, u.AuthSynced = reason, keep, false
}

// administers reports whether the user is an administrator in use.
func (u *UserModel) administers() bool {
	return u.Role == RoleAdmin && u.Status == StatusNormal && u.DeletedAt == 0
}

// NewUser returns the account that raw and nickname make, or the refusal.
// Without a nickname the name serves. An empty pwd is no password at all: only
// another provider opens the account.
func NewUser(raw, nickname, pwd, source string) (*UserModel, error) {
	name, err := ParseName(raw)
	if err != nil {
		return nil, err
	}
	if nickname == "" {
		nickname = name.Shown
	}
	switch {
	case checkNickname(nickname) != nil:
		return nil, errs.BadArgument("nickname")
	case !text.Line(source, maxSource):
		return nil, errs.BadArgument("registerSource")
	}
	return &UserModel{
		UserName: name.Shown, NameKey: name.Key, Pwd: pwd, Nickname: nickname,
		Role: RoleNormal, Status: StatusNormal, RegisterSource: source, Ver: 1, ChatSynced: true, GroupSynced: true, AuthSynced: true,
	}, nil
}

func checkNickname(s string) error {
	if !text.Visible(s) || !text.Line(s, maxNickname) {
		return errs.BadArgument("nickname")
	}
	return nil
}

// Changes are what a user changes of the own profile; nil stays as it is.
type Changes struct{ Nickname, Abstract, Avatar *string }

// Check returns a bad-argument error naming what is wrong with c.
func (c Changes) Check() error {
	if c.Nickname != nil {
		if err := checkNickname(*c.Nickname); err != nil {
			return err
		}
	}
	if c.Abstract != nil && !text.Plain(*c.Abstract, maxAbstract) {
		return errs.BadArgument("abstract")
	}
	return nil
}

// Users are the queries of user_models and user_conf_models.
type Users struct{ DB *db.DB }

// Create inserts u with the settings everybody begins with. It answers
// errs.NameTaken if the name, in whatever spelling, is not free.
func (q Users) Create(ctx context.Context, u *UserModel) error {
	if u.Pwd == "" {
		return errs.BadArgument("pwd") // nothing would open the account
	}
	return q.create(ctx, u, nil)
}

// create is Create for an account that open, unless nil, opens.
func (q Users) create(ctx context.Context, u *UserModel, open *OpenIDModel) error {
	err := q.DB.Tx(ctx, func(tx *gorm.DB) error {
		u.ID = 0
		if err := tx.Create(u).Error; err != nil {
			return err
		}
		if open != nil {
			if err := open.claim(tx, u.ID); err != nil {
				return err
			}
		}
		return tx.Create(NewConf(u.ID)).Error
	})
	if errors.Is(err, gorm.ErrDuplicatedKey) {
		return errs.NameTaken
	}
	if err != nil {
		return fmt.Errorf("create user: %w", err)
	}
	return nil
}

// ByID returns the account, or errs.NotFound if there is none or it was deleted.
func (q Users) ByID(ctx context.Context, id uint64) (*UserModel, error) {
	if id == 0 || id > maxID {
		return nil, errs.NotFound
	}
	return q.one(ctx, "id = ? AND deleted_at = 0", id)
}

// ByLogin returns the account that typed names: digits are an id, anything
// else is a name. It answers errs.NotFound if there is none.
func (q Users) ByLogin(ctx context.Context, typed string) (*UserModel, error) {
	if id, ok := asID(typed); ok {
		return q.ByID(ctx, id)
	}
	name, err := ParseName(typed)
	if err != nil {
		return nil, errs.NotFound
	}
	return q.one(ctx, "name_key = ? AND deleted_at = 0", name.Key)
}

// asID reports whether s consists of digits, and their number; it is 0 if no
// id can be that high.
func asID(s string) (id uint64, ok bool) {
	if s == "" || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	id, err := strconv.ParseUint(s, 10, 64)
	if err != nil || id > maxID {
		return 0, true
	}
	return id, true
}

func (q Users) one(ctx context.Context, where string, args ...any) (*UserModel, error) {
	var u UserModel
	err := q.DB.WithContext(ctx).Where(where, args...).Take(&u).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, errs.NotFound
	}
	if err != nil {
		return nil, fmt.Errorf("user: %w", err)
	}
	return &u, nil
}

// ByIDs returns the accounts of ids by id; those that do not exist are left out.
func (q Users) ByIDs(ctx context.Context, ids ...uint64) (map[uint64]*UserModel, error) {
	var list []*UserModel
	if ids = possible(ids); len(ids) > 0 {
		if err := q.DB.WithContext(ctx).Where("id IN ? AND deleted_at = 0", ids).Find(&list).Error; err != nil {
			return nil, fmt.Errorf("users: %w", err)
		}
	}
	found := make(map[uint64]*UserModel, len(list))
	for _, u := range list {
		found[u.ID] = u
	}
	return found, nil
}

// MaxPage is the most accounts After returns.
const MaxPage = 1000

// After returns the numbers of accounts above id, in rising order.
func (q Users) After(ctx context.Context, id uint64, limit int) (ids []uint64, err error) {
	if id > maxID {
		return nil, nil
	}
	if limit <= 0 || limit > MaxPage {
		limit = MaxPage
	}
	err = q.DB.WithContext(ctx).Model(&UserModel{}).Where("id > ? AND deleted_at = 0", id).Order("id").Limit(limit).Pluck("id", &ids).Error
	if err != nil {
		return nil, fmt.Errorf("accounts: %w", err)
	}
	return ids, nil
}

// possible returns ids without those that no row can have.
func possible(ids []uint64) []uint64 {
	kept := make([]uint64, 0, len(ids))
	for _, id := range ids {
		if id > 0 && id <= maxID {
			kept = append(kept, id)
		}
	}
	return kept
}

// Shows returns those of ids who let others see whether they are online.
func (q Users) Shows(ctx context.Context, ids ...uint64) (map[uint64]bool, error) {
	shows := map[uint64]bool{}
	if ids = possible(ids); len(ids) == 0 {
		return shows, nil
	}
	var list []uint64
	there := q.DB.Model(&UserModel{}).Select("id").Where("id IN ? AND deleted_at = 0", ids)
	err := q.DB.WithContext(ctx).Model(&UserConfModel{}).
		Where("user_id IN (?) AND show_online = ?", there, true).Pluck("user_id", &list).Error
	if err != nil {
		return nil, fmt.Errorf("who shows presence: %w", err)
	}
	for _, id := range list {
		shows[id] = true
	}
	return shows, nil
}

// Update writes the changes of user, which must have passed Check, and counts
// them. It answers errs.NotFound if there is no such account.
func (q Users) Update(ctx context.Context, user uint64, c Changes, now time.Time) error {
	if user > maxID {
		return errs.NotFound
	}
	set := map[string]any{"ver": gorm.Expr("ver + 1"), "shown_at": now.UnixMilli(), "updated_at": now.UnixMilli()}
	if c.Nickname != nil {
		set["nickname"] = *c.Nickname
	}
	if c.Abstract != nil {
		set["abstract"] = *c.Abstract
	}
	if c.Avatar != nil {
		set["avatar"] = *c.Avatar
	}
	done := q.DB.WithContext(ctx).Model(&UserModel{}).Where("id = ? AND deleted_at = 0", user).Updates(set)
	if done.Error != nil {
		return fmt.Errorf("update user %d: %w", user, done.Error)
	}
	if done.RowsAffected == 0 {
		return errs.NotFound
	}
	return nil
}

// Search returns a page of the accounts that user finds by key, and how many
// there are. Whom one finds, and by what, those found decide by searchUser;
// nobody finds oneself, nor anybody with whom there is a block. Unless among
// is nil only those in it are found.
func (q Users) Search(ctx context.Context, user uint64, key string, among []uint64, page, limit int32) ([]*UserModel, int64, error) {
	if key = strings.TrimSpace(key); key == "" || !text.Line(key, maxKey) {
		return nil, 0, errs.BadArgument("key")
	}
	if user > maxID {
		return nil, 0, errs.NotFound
	}
	id, _ := asID(key)
	find := q.DB.WithContext(ctx).Table("user_models u").
		Joins("JOIN user_conf_models c ON c.user_id = u.id").
		Where("u.deleted_at = 0 AND u.status = ? AND u.id <> ?", StatusNormal, user).
		Where("(c.search_user >= ? AND u.id = ?) OR (c.search_user = ? AND (u.nickname LIKE ? ESCAPE '!' OR u.name_key LIKE ? ESCAPE '!'))",
			SearchByID, id, SearchByName, text.Like(key), text.Like(text.Skeleton(key))).
		Where(`NOT EXISTS (SELECT 1 FROM friend_models f WHERE (f.low_blocks = ? OR f.high_blocks = ?)
			AND ((f.low_user_id = ? AND f.high_user_id = u.id) OR (f.high_user_id = ? AND f.low_user_id = u.id)))`,
			true, true, user, user)
	if among != nil {
		find = find.Where("u.id IN ?", append([]uint64{0}, among...)) // IN () is no SQL
	}
	var count int64
	if err := find.Session(&gorm.Session{}).Count(&count).Error; err != nil {
		return nil, 0, fmt.Errorf("search: %w", err)
	}
	offset, size := model.Page(page, limit)
	var list []*UserModel
	if err := find.Session(&gorm.Session{}).Select("u.*").Order("u.id").Offset(offset).Limit(size).Find(&list).Error; err != nil {
		return nil, 0, fmt.Errorf("search: %w", err)
	}
	return list, count, nil
}
