package model

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"tudoIM/common/errs"
	"tudoIM/common/model"
)

// Bounds of what names an account elsewhere, in bytes.
const (
	maxProvider = 32
	maxSubject  = 255
)

// OpenIDModel is somebody's account at another provider, which opens one here.
type OpenIDModel struct {
	model.Base
	UserID   uint64
	Provider string
	Subject  string
}

// NewOpenID returns the account subject of provider, which nobody has yet.
func NewOpenID(provider, subject string) (*OpenIDModel, error) {
	switch {
	case provider == "" || len(provider) > maxProvider:
		return nil, errs.BadArgument("provider")
	case subject == "" || len(subject) > maxSubject:
		return nil, errs.BadArgument("subject")
	}
	return &OpenIDModel{Provider: provider, Subject: subject}, nil
}

// errClaimed says that the account elsewhere opens another one here.
var errClaimed = errors.New("claimed")

// claim makes o what opens user. What opened an account that was closed is free.
func (o *OpenIDModel) claim(tx *gorm.DB, user uint64) error {
	free := tx.Model(&OpenIDModel{}).Where("provider = ? AND subject = ?", o.Provider, o.Subject).
		Where("user_id IN (?)", tx.Model(&UserModel{}).Select("id").Where("deleted_at <> 0")).Update("user_id", user)
	if free.Error != nil || free.RowsAffected == 1 {
		return free.Error
	}
	o.ID, o.UserID = 0, user
	err := tx.Create(o).Error
	if errors.Is(err, gorm.ErrDuplicatedKey) {
		return errClaimed
	}
	return err
}

// Open returns the account that o opens: u, made now, unless there is one. Of
// several that come first at the same time one makes it.
func (q Users) Open(ctx context.Context, u *UserModel, o *OpenIDModel) (*UserModel, error) {
	err := q.create(ctx, u, o)
	if !errors.Is(err, errClaimed) && !errors.Is(err, errs.NameTaken) {
		return u, err
	}
	there, found := q.ByOpenID(ctx, o.Provider, o.Subject)
	switch {
	case !errors.Is(found, errs.NotFound):
		return there, found
	case errors.Is(err, errs.NameTaken):
		return nil, err
	}
	return nil, errs.Unavailable // the account was closed this moment
}

// ByOpenID returns the account that subject of provider opens, or
// errs.NotFound.
func (q Users) ByOpenID(ctx context.Context, provider, subject string) (*UserModel, error) {
	var o OpenIDModel
	err := q.DB.WithContext(ctx).Where("provider = ? AND subject = ?", provider, subject).Take(&o).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, errs.NotFound
	}
	if err != nil {
		return nil, fmt.Errorf("open id: %w", err)
	}
	return q.ByID(ctx, o.UserID)
}
