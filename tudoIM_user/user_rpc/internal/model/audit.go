package model

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"tudoIM/common/errs"
	"tudoIM/common/model"
	"tudoIM/core/db"
	"tudoIM/utils/text"
)

const (
	// maxAct is in bytes, maxAbout in characters.
	maxAct   = 32
	maxAbout = 1000
	// sameTry is how long refused tries of one person at one thing are one line:
	// who may do nothing cannot fill the table either.
	sameTry = time.Minute
)

// AuditModel is something an administrator did, or that somebody tried and
// may not. No API changes or deletes these rows.
type AuditModel struct {
	model.Base
	// OperatorID is who did it; 0 is the command line of the server.
	OperatorID uint64
	// Act is what was done, with TargetID if that is somebody or something, and
	// how, in About.
	Act      string
	TargetID uint64
	About    string
	IP       string
	// Code is why it was refused, 0 if it was not.
	Code int32
	// Times counts refused tries; UpdatedAt is the last one.
	Times int32
}

// Check returns a bad-argument error naming what is wrong with a.
func (a *AuditModel) Check() error {
	switch {
	case a.Act == "" || len(a.Act) > maxAct:
		return errs.BadArgument("act")
	case !text.Plain(a.About, maxAbout):
		return errs.BadArgument("about")
	case len(a.IP) > 45:
		return errs.BadArgument("ip")
	case a.OperatorID > maxID || a.TargetID > maxID:
		return errs.BadArgument("targetId")
	}
	return nil
}

// Audits are the queries of audit_models.
type Audits struct{ DB *db.DB }

// Enter writes a down at now. A refusal like one of the last minute is counted
// there.
func (q Audits) Enter(ctx context.Context, a *AuditModel, now time.Time) error {
	if err := a.Check(); err != nil {
		return err
	}
	a.CreatedAt, a.UpdatedAt, a.Times = now.UnixMilli(), now.UnixMilli(), 1
	err := q.DB.Tx(ctx, func(tx *gorm.DB) error {
		a.ID = 0
		if a.Code == 0 {
			return tx.Create(a).Error
		}
		same := tx.Model(&AuditModel{}).Where("operator_id = ? AND act = ? AND code = ? AND created_at > ?",
			a.OperatorID, a.Act, a.Code, now.Add(-sameTry).UnixMilli()).
			UpdateColumns(map[string]any{"times": gorm.Expr("times + 1"), "updated_at": a.UpdatedAt})
		if same.Error != nil || same.RowsAffected > 0 {
			return same.Error
		}
		return tx.Create(a).Error
	})
	if err != nil {
		return fmt.Errorf("audit of %d: %w", a.OperatorID, err)
	}
	return nil
}

// Refused adds to row id that it was refused after all, at now.
func (q Audits) Refused(ctx context.Context, id uint64, code int32, now time.Time) error {
	if id == 0 || id > maxID || code == 0 {
		return errs.BadArgument("auditId")
	}
	err := q.DB.WithContext(ctx).Model(&AuditModel{}).Where("id = ? AND code = 0", id).
		UpdateColumns(map[string]any{"code": code, "updated_at": now.UnixMilli()}).Error
	if err != nil {
		return fmt.Errorf("audit %d: %w", id, err)
	}
	return nil
}

// AuditFilter says which rows List returns; what is zero does not count.
type AuditFilter struct {
	Operator, Target uint64
	Act              string
	RefusedOnly      bool
	// Before is the number above the first row.
	Before uint64
}

// List returns a page of the rows f lets pass, newest first, and whether there
// are more.
func (q Audits) List(ctx context.Context, f AuditFilter, limit int32) (list []*AuditModel, more bool, err error) {
	if f.Operator > maxID || f.Target > maxID || f.Before > maxID {
		return nil, false, nil
	}
	find := q.DB.WithContext(ctx)
	if f.Operator != 0 {
		find = find.Where("operator_id = ?", f.Operator)
	}
	if f.Target != 0 {
		find = find.Where("target_id = ?", f.Target)
	}
	if f.Act != "" {
		find = find.Where("act = ?", f.Act)
	}
	if f.RefusedOnly {
		find = find.Where("code <> 0")
	}
	if f.Before != 0 {
		find = find.Where("id < ?", f.Before)
	}
	_, size := model.Page(1, limit)
	if err := find.Order("id DESC").Limit(size + 1).Find(&list).Error; err != nil {
		return nil, false, fmt.Errorf("audit: %w", err)
	}
	if len(list) > size {
		return list[:size], true, nil
	}
	return list, false, nil
}

// Administers answers errs.Forbidden unless operator is an administrator in
// use, now.
func (q Users) Administers(ctx context.Context, operator uint64) error {
	u, err := q.ByID(ctx, operator)
	switch {
	case errors.Is(err, errs.NotFound):
		return errs.Forbidden
	case err != nil:
		return err
	case !u.administers():
		return errs.Forbidden
	}
	return nil
}

// MayJudge reports why operator may not judge user, or nil.
func (q Users) MayJudge(ctx context.Context, operator, user uint64) error {
	if err := q.Administers(ctx, operator); err != nil {
		return err
	}
	if operator == user {
		return errs.Conflict.With("reason", "self")
	}
	return nil
}

// Promote makes the account that name, or an id, names an administrator, on
// the word of who runs the server, and returns what it did in words.
func Promote(ctx context.Context, d *db.DB, name string) (string, error) {
	users, now := Users{DB: d}, d.Clock.Now(ctx)
	u, err := users.ByLogin(ctx, name)
	if errors.Is(err, errs.NotFound) {
		return "", fmt.Errorf("there is no user %q: register first", name)
	}
	if err != nil {
		return "", err
	}
	row := &AuditModel{Act: "user.role", TargetID: u.ID, About: fmt.Sprint("role ", RoleAdmin, ", by the command line")}
	if err := (Audits{DB: d}).Enter(ctx, row, now); err != nil {
		return "", err
	}
	a, err := users.SetRole(ctx, u.ID, RoleAdmin, now)
	if err != nil {
		return "", err
	}
	words := fmt.Sprintf("%s (user %d) is an administrator.", a.User.UserName, a.User.ID)
	if a.User.Status != StatusNormal {
		words += " The account is disabled."
	}
	return words, nil
}
