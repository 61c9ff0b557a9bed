package model

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"tudoIM/common/ctype"
	"tudoIM/common/errs"
	"tudoIM/common/model"
)

// Kick puts member out of the group id.
func (q Groups) Kick(ctx context.Context, id, user, member uint64) (*Done, error) {
	return q.act(ctx, id, user, ranked(KickMember), func(a *act) error {
		m, err := a.other(member)
		if err != nil {
			return err
		}
		if err := a.me.mustOver(KickMember, m); err != nil {
			return err
		}
		return a.kick(m)
	})
}

func (a *act) kick(m *GroupMemberModel) error {
	if err := a.leave(m); err != nil {
		return err
	}
	return a.tip(ctype.TipKicked, a.user, []uint64{m.UserID}, "")
}

// Quit takes user out of the group id.
func (q Groups) Quit(ctx context.Context, id, user uint64) (*Done, error) {
	return q.act(ctx, id, user, inside, func(a *act) error {
		if a.me.In() == RoleOwner {
			return errs.OwnerLeaves
		}
		if err := a.leave(a.me); err != nil {
			return err
		}
		return a.tip(ctype.TipLeft, user, nil, "")
	})
}

// leave takes m out, and writes down that who acts has done it.
func (a *act) leave(m *GroupMemberModel) error {
	m.leave(a.now)
	if err := a.save(m, "deleted_at", "role", "saved", "draft"); err != nil {
		return err
	}
	a.Group.MemberCount--
	a.Left = append(a.Left, m.UserID)
	if err := a.tx.Delete(&GroupLinkModel{}, "group_id = ? AND user_id = ?", a.Group.ID, m.UserID).Error; err != nil {
		return err
	}
	v := &GroupVerifyModel{GroupID: a.Group.ID, UserID: m.UserID, Type: RequestLeave, HandlerID: a.user}
	v.CreatedAt = a.now
	v.Close(model.RequestAccepted, a.at())
	return a.tx.Create(v).Error
}

// Dissolve ends the group id for ever, as its owner wants, or the site.
func (q Groups) Dissolve(ctx context.Context, id, user uint64, bySite bool) (*Done, error) {
	may := ranked(DissolveGroup)
	if bySite {
		may = lasting
	}
	return q.act(ctx, id, user, may, func(a *act) error { return a.dissolve() })
}

func (a *act) dissolve() error {
	a.Group.DeletedAt = a.now
	a.change("deletedAt")
	for _, gone := range []any{&GroupLinkModel{}, &GroupBlackModel{}, &GroupTryModel{}} {
		if err := a.tx.Delete(gone, "group_id = ?", a.Group.ID).Error; err != nil {
			return err
		}
	}
	// Who waits to come in need not any more, and is told.
	err := a.tx.Limit(maxTold).Order("id").Find(&a.Requests, "group_id = ? AND open_key IS NOT NULL", a.Group.ID).Error
	if err != nil {
		return err
	}
	for _, v := range a.Requests {
		v.HandlerID = a.user
		v.Close(model.RequestRefused, a.at())
	}
	return refuse(a.tx, a.now, a.user, "group_id = ?", a.Group.ID)
}

// maxTold bounds those who are told that a group they asked is no more.
const maxTold = 1000

// refuse ends the requests that wait where the condition holds.
func refuse(tx *gorm.DB, now int64, by uint64, where string, args ...any) error {
	for _, side := range []string{"send_status", "rev_status"} {
		err := tx.Model(&GroupVerifyModel{}).Where(where, args...).Where("open_key IS NOT NULL AND "+side+" <> ?", model.RequestDeleted).
			UpdateColumn(side, model.RequestRefused).Error
		if err != nil {
			return err
		}
	}
	return tx.Model(&GroupVerifyModel{}).Where(where, args...).Where("open_key IS NOT NULL").
		UpdateColumns(map[string]any{"open_key": nil, "handled_at": now, "handler_id": by}).Error
}

// Gone takes user, whose account is no more, out of every group, each by
// itself, and calls tell for each. Groups the user owns go to who is in for
// longest, admins first; one that nobody else is in ends. It may be repeated.
func (q Groups) Gone(ctx context.Context, user uint64, tell func(*Done)) error {
	if user > maxID {
		return nil
	}
	now := q.DB.Clock.Milli(ctx)
	err := q.DB.Tx(ctx, func(tx *gorm.DB) error { return refuse(tx, now, 0, "user_id = ?", user) })
	if err != nil {
		return fmt.Errorf("requests of %d: %w", user, err)
	}
	var ids []uint64
	err = q.DB.WithContext(ctx).Table("group_member_models m").Joins("JOIN group_models g ON g.id = m.group_id AND g.deleted_at = 0").
		Where("m.user_id = ? AND m.deleted_at = 0", user).Order("m.group_id").Pluck("m.group_id", &ids).Error
	if err != nil {
		return fmt.Errorf("groups of %d: %w", user, err)
	}
	for _, id := range ids {
		done, err := q.act(ctx, id, user, lasting, func(a *act) error { return a.gone() })
		if err != nil {
			return err
		}
		tell(done)
	}
	return nil
}

func (a *act) gone() error {
	if a.me.In() == RoleNone {
		return nil
	}
	if a.me.In() == RoleOwner {
		heir, err := a.heir()
		if err != nil {
			return err
		}
		if heir == nil {
			return a.dissolve()
		}
		if err := a.enthrone(heir); err != nil {
			return err
		}
	}
	if err := a.leave(a.me); err != nil {
		return err
	}
	return a.tip(ctype.TipLeft, a.user, nil, "")
}

// heir is whose the group is when its owner is gone; nil if nobody else is in.
func (a *act) heir() (*GroupMemberModel, error) {
	var m GroupMemberModel
	found := a.tx.Where("group_id = ? AND user_id <> ? AND deleted_at = 0", a.Group.ID, a.user).
		Order("role, created_at, id").Limit(1).Find(&m)
	if found.Error != nil || found.RowsAffected == 0 {
		return nil, found.Error
	}
	return &m, nil
}
