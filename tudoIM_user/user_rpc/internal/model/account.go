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

// Half is one of the two that keep who may send, named by the column that
// says whether it knows.
type Half string

const (
	ChatHalf  Half = "chat_synced"
	GroupHalf Half = "group_synced"
)

// Account is a user with the settings: all that says who may send, and whether
// read receipts go to and from the user.
type Account struct {
	User *UserModel
	Conf *UserConfModel
}

// Knows reports whether h was told the state of now.
func (a *Account) Knows(h Half) bool {
	if h == ChatHalf {
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

// MayJudge reports why operator may not curtail or disable user, or nil.
func (q Users) MayJudge(ctx context.Context, operator, user uint64) error {
	u, err := q.ByID(ctx, operator)
	switch {
	case errors.Is(err, errs.NotFound):
		return errs.Forbidden
	case err != nil:
		return err
	case u.Role != RoleAdmin || u.Status != StatusNormal:
		return errs.Forbidden
	case operator == user:
		return errs.Self
	}
	return nil
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

// SetStatus puts user's account in or out of use.
func (q Users) SetStatus(ctx context.Context, user uint64, status int32, now time.Time) (*Account, error) {
	return q.change(ctx, user, now, func(a *Account) error {
		a.User.Status = status
		return a.present()
	})
}

// Delete closes user's account for ever; its name stays taken.
func (q Users) Delete(ctx context.Context, user uint64, now time.Time) (*Account, error) {
	return q.change(ctx, user, now, func(a *Account) error {
		if a.User.DeletedAt == 0 {
			a.User.DeletedAt = now.UnixMilli()
			a.User.Ver++
		}
		return nil
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
func (q Users) change(ctx context.Context, user uint64, now time.Time, f func(a *Account) error) (*Account, error) {
	if user == 0 || user > maxID {
		return nil, errs.NotFound
	}
	var a *Account
	err := q.DB.Tx(ctx, func(tx *gorm.DB) (err error) {
		if a, err = lockAccount(tx, user); err != nil {
			return err
		}
		chat, group := a.Sender(ChatHalf), a.Sender(GroupHalf)
		if err := f(a); err != nil {
			return err
		}
		if chat != a.Sender(ChatHalf) || group != a.Sender(GroupHalf) {
			a.User.SenderVer++
			a.User.ChatSynced, a.User.GroupSynced = false, false
		}
		a.User.UpdatedAt, a.Conf.UpdatedAt = now.UnixMilli(), now.UnixMilli()
		err = tx.Model(a.User).Select("updated_at", "status", "deleted_at", "ver", "sender_ver", "chat_synced", "group_synced").UpdateColumns(a.User).Error
		if err != nil {
			return err
		}
		return tx.Model(a.Conf).Select("updated_at", "curtail_chat", "curtail_add_user", "curtail_create_group", "curtail_in_group_chat", "curtail_until").
			UpdateColumns(a.Conf).Error
	})
	if err != nil {
		return nil, fmt.Errorf("account %d: %w", user, err)
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

// Unsynced returns up to limit accounts above id of which h may not know who
// may send, in rising id.
func (q Users) Unsynced(ctx context.Context, h Half, id uint64, limit int) ([]*Account, error) {
	var users []*UserModel
	err := q.DB.WithContext(ctx).Where(string(h)+" = ? AND id > ?", false, id).Order("id").Limit(limit).Find(&users).Error
	if err != nil {
		return nil, fmt.Errorf("unsynced senders: %w", err)
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
	err := q.DB.WithContext(ctx).Model(&UserModel{}).Where("id = ? AND sender_ver = ?", a.User.ID, a.User.SenderVer).
		UpdateColumn(string(h), true).Error
	if err != nil {
		return fmt.Errorf("sender %d is synced: %w", a.User.ID, err)
	}
	return nil
}
