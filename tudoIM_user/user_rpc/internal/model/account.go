package model

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tudoIM/common/errs"
	"tudoIM/common/msglog"
)

// Half is one of those that keep something of an account, named by the column
// that says whether it knows: who may send, and which sessions are to end.
type Half string

const (
	ChatHalf  Half = "chat_synced"
	GroupHalf Half = "group_synced"
	AuthHalf  Half = "auth_synced"
)

// Halves are all of them.
var Halves = []Half{AuthHalf, ChatHalf, GroupHalf}

// Account is a user with the settings: all that says who may send, and whether
// read receipts go to and from the user.
type Account struct {
	User *UserModel
	Conf *UserConfModel
}

// Knows reports whether h was told the state of now.
func (a *Account) Knows(h Half) bool {
	switch h {
	case AuthHalf:
		return a.User.AuthSynced
	case ChatHalf:
		return a.User.ChatSynced
	}
	return a.User.GroupSynced
}

// Sender is what h is to know of the user. What is curtailed in one half does
// not touch the other; an account that is closed sends nowhere. Read receipts
// are of private conversations only.
func (a *Account) Sender(h Half) msglog.SenderState {
	curtailed := int32(errs.Curtailed.Code) // #nosec G115 -- a code has five digits
	s := msglog.SenderState{UserID: a.User.ID, Gone: a.User.DeletedAt != 0, Version: a.User.SenderVer}
	s.NoReceipts = h == ChatHalf && !a.Conf.ReadReceipt
	switch {
	case s.Gone || a.User.Status != StatusNormal:
		s.Code = curtailed
	case h == ChatHalf && a.Conf.CurtailChat, h == GroupHalf && a.Conf.CurtailInGroupChat:
		s.Code, s.Until = curtailed, a.Conf.CurtailUntil
	}
	return s
}

// MayCreate reports whether the user may make groups at now.
func (a *Account) MayCreate(now time.Time) bool {
	return a.User.Status == StatusNormal && !a.Conf.curtails(a.Conf.CurtailCreateGroup, now)
}

// Account returns the account of user, or errs.NotFound if there is none or
// it was deleted.
func (q Users) Account(ctx context.Context, user uint64) (*Account, error) {
	u, err := q.ByID(ctx, user)
	if err != nil {
		return nil, err
	}
	c, err := q.Conf(ctx, user)
	if err != nil {
		return nil, err
	}
	return &Account{u, c}, nil
}

// Curtail changes what user may not do, and until when, at now.
func (q Users) Curtail(ctx context.Context, user uint64, c Curtailment, now time.Time) (*Account, error) {
	if err := c.Check(now); err != nil {
		return nil, err
	}
	return q.change(ctx, user, now, func(a *Account) error {
		a.Conf.Curtail(c, now)
		return a.present()
	})
}

// SetStatus puts user's account in or out of use, which ends its sessions.
func (q Users) SetStatus(ctx context.Context, user uint64, status int32, now time.Time) (*Account, error) {
	return q.depose(ctx, user, now, func(a *Account) error {
		if status == StatusDisabled && a.User.Status != status {
			a.User.endSessions(EndedByAdmin, 0)
		}
		a.User.Status = status
		return a.present()
	})
}

// SetRole makes user an administrator, or none.
func (q Users) SetRole(ctx context.Context, user uint64, role int32, now time.Time) (*Account, error) {
	if role != RoleAdmin && role != RoleNormal {
		return nil, errs.BadArgument("role")
	}
	return q.depose(ctx, user, now, func(a *Account) error {
		a.User.Role = role
		return a.present()
	})
}

// Delete closes user's account for ever; its name stays taken.
func (q Users) Delete(ctx context.Context, user uint64, reason string, now time.Time) (*Account, error) {
	return q.depose(ctx, user, now, func(a *Account) error {
		if a.User.DeletedAt == 0 {
			a.User.DeletedAt = now.UnixMilli()
			a.User.Ver++
			a.User.endSessions(reason, 0)
		}
		return nil
	})
}

// SetPwd gives user the password pwd is the hash of and ends all sessions but
// keep. ver is the AuthVer the old password was judged at: if it has changed
// since, errs.BadCredentials.
func (q Users) SetPwd(ctx context.Context, user uint64, pwd string, ver, keep uint64, now time.Time) (*Account, error) {
	if pwd == "" {
		return nil, errs.BadArgument("pwd")
	}
	return q.change(ctx, user, now, func(a *Account) error {
		if a.User.AuthVer != ver {
			return errs.BadCredentials
		}
		a.User.Pwd = pwd
		a.User.endSessions(EndedByPassword, keep)
		return a.present()
	})
}

// ResetPwd gives user the password pwd is the hash of and ends all sessions.
func (q Users) ResetPwd(ctx context.Context, user uint64, pwd string, now time.Time) (*Account, error) {
	if pwd == "" {
		return nil, errs.BadArgument("pwd")
	}
	return q.change(ctx, user, now, func(a *Account) error {
		a.User.Pwd = pwd
		a.User.endSessions(EndedByAdmin, 0)
		return a.present()
	})
}

func (a *Account) present() error {
	if a.User.DeletedAt != 0 {
		return errs.NotFound
	}
	return nil
}

// change runs f on the locked account of user and writes what it changed. If
// that says anything new about who may send, the halves are to be told.
func (q Users) change(ctx context.Context, user uint64, now time.Time, f func(a *Account) error) (a *Account, err error) {
	if user == 0 || user > maxID {
		return nil, errs.NotFound
	}
	err = q.DB.Tx(ctx, func(tx *gorm.DB) error {
		a, err = changeIn(tx, user, now, f)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("account %d: %w", user, err)
	}
	return a, nil
}

// depose is change for what may leave the site without an administrator: that
// answers errs.Conflict. All administrators are locked first, so that two who
// depose each other do so one after the other.
func (q Users) depose(ctx context.Context, user uint64, now time.Time, f func(a *Account) error) (a *Account, err error) {
	if user == 0 || user > maxID {
		return nil, errs.NotFound
	}
	err = q.DB.Tx(ctx, func(tx *gorm.DB) error {
		var bosses []*UserModel
		err := tx.Clauses(clause.Locking{Strength: "UPDATE"}).Select("id").
			Where("role = ? AND status = ? AND deleted_at = 0", RoleAdmin, StatusNormal).Order("id").Find(&bosses).Error
		if err != nil {
			return err
		}
		a, err = changeIn(tx, user, now, func(a *Account) error {
			was := a.User.administers()
			if err := f(a); err != nil {
				return err
			}
			if was && !a.User.administers() && len(bosses) == 1 {
				return errs.Conflict.With("reason", "lastAdmin")
			}
			return nil
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("account %d: %w", user, err)
	}
	return a, nil
}

func changeIn(tx *gorm.DB, user uint64, now time.Time, f func(a *Account) error) (*Account, error) {
	a, err := lockAccount(tx, user)
	if err != nil {
		return nil, err
	}
	u, c := *a.User, *a.Conf
	chat, group := a.Sender(ChatHalf), a.Sender(GroupHalf)
	if err := f(a); err != nil {
		return nil, err
	}
	if chat != a.Sender(ChatHalf) || group != a.Sender(GroupHalf) {
		a.User.SenderVer++
		a.User.ChatSynced, a.User.GroupSynced = false, false
	}
	// Lists of friends go by when an account changed: settings do not count.
	if *a.User != u {
		a.User.UpdatedAt = now.UnixMilli()
		err := tx.Model(a.User).Select("updated_at", "pwd", "role", "status", "deleted_at", "ver", "sender_ver", "chat_synced", "group_synced",
			"auth_ver", "auth_reason", "keep_session", "auth_synced").UpdateColumns(a.User).Error
		if err != nil {
			return nil, err
		}
	}
	if *a.Conf != c {
		a.Conf.UpdatedAt = now.UnixMilli()
		return a, tx.Model(a.Conf).Select("*").Omit("id", "created_at", "user_id").UpdateColumns(a.Conf).Error
	}
	return a, nil
}

// lockAccount returns the account of user, deleted or not, and keeps others
// from it until tx ends. Who asks for friendship locks the settings, too: so
// no request comes after the user was curtailed.
func lockAccount(tx *gorm.DB, user uint64) (*Account, error) {
	var u UserModel
	err := tx.Clauses(clause.Locking{Strength: "UPDATE"}).Take(&u, "id = ?", user).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, errs.NotFound
	}
	if err != nil {
		return nil, err
	}
	c, err := confOf(tx.Clauses(clause.Locking{Strength: "UPDATE"}), user)
	if err != nil {
		return nil, err
	}
	return &Account{&u, c}, nil
}

// Unsynced returns up to limit accounts above id of which h may not know all
// it is to know, in rising id.
func (q Users) Unsynced(ctx context.Context, h Half, id uint64, limit int) ([]*Account, error) {
	var users []*UserModel
	err := q.DB.WithContext(ctx).Where(string(h)+" = ? AND id > ?", false, id).Order("id").Limit(limit).Find(&users).Error
	if err != nil {
		return nil, fmt.Errorf("unsynced accounts: %w", err)
	}
	list := make([]*Account, len(users))
	for i, u := range users {
		c, err := q.Conf(ctx, u.ID)
		if err != nil {
			return nil, err
		}
		list[i] = &Account{u, c}
	}
	return list, nil
}

// Synced records that h knows the state of a, unless it changed since.
func (q Users) Synced(ctx context.Context, a *Account, h Half) error {
	err := q.DB.WithContext(ctx).Model(&UserModel{}).
		Where("id = ? AND sender_ver = ? AND auth_ver = ?", a.User.ID, a.User.SenderVer, a.User.AuthVer).
		UpdateColumn(string(h), true).Error
	if err != nil {
		return fmt.Errorf("account %d is synced: %w", a.User.ID, err)
	}
	return nil
}
