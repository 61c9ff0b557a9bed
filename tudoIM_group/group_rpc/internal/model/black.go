package model

import (
	"context"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tudoIM/common/errs"
	"tudoIM/common/model"
)

// maxBlacks is how many users a group may keep out.
const maxBlacks = 1000

// GroupBlackModel is a user who may not come into a group.
type GroupBlackModel struct {
	GroupID uint64 `gorm:"primaryKey;autoIncrement:false"`
	UserID  uint64 `gorm:"primaryKey;autoIncrement:false"`
	// OperatorID is who has it so, CreatedAt since when.
	OperatorID uint64
	CreatedAt  int64
}

// blacks returns those of users who are kept out of group.
func blacks(tx *gorm.DB, group uint64, users []uint64) (map[uint64]bool, error) {
	var ids []uint64
	err := tx.Model(&GroupBlackModel{}).Where("group_id = ? AND user_id IN ?", group, users).Pluck("user_id", &ids).Error
	out := make(map[uint64]bool, len(ids))
	for _, id := range ids {
		out[id] = true
	}
	return out, err
}

// Block keeps user out of the group id from now on, and puts the user out who is in.
func (q Groups) Block(ctx context.Context, id, operator, user uint64) (*Done, error) {
	if user == 0 || user > maxID {
		return nil, errs.NotFound
	}
	return q.act(ctx, id, operator, ranked(Admit), func(a *act) error {
		m, err := a.other(user)
		if err != nil {
			return err
		}
		if !a.me.MayOver(KickMember, m) {
			return errs.LowRank
		}
		if err := a.block(user); err != nil {
			return err
		}
		if m.In() != RoleNone {
			return a.kick(m)
		}
		return nil
	})
}

func (a *act) block(user uint64) error {
	var n int64
	if err := a.tx.Model(&GroupBlackModel{}).Where("group_id = ? AND user_id <> ?", a.Group.ID, user).Count(&n).Error; err != nil {
		return err
	}
	if n >= maxBlacks {
		return errs.Conflict.With("blacks", n)
	}
	row := &GroupBlackModel{GroupID: a.Group.ID, UserID: user, OperatorID: a.user, CreatedAt: a.now}
	if err := a.tx.Clauses(clause.OnConflict{DoNothing: true}).Create(row).Error; err != nil {
		return err
	}
	open, err := a.open([]uint64{user})
	if err != nil || open[user] == nil {
		return err
	}
	v := open[user]
	v.HandlerID = a.user
	v.Close(model.RequestRefused, a.at())
	a.Requests = append(a.Requests, v)
	return a.tx.Save(v).Error
}

// Unblock lets user in again, if asked, invited or with a link.
func (q Groups) Unblock(ctx context.Context, id, operator, user uint64) (*Done, error) {
	return q.act(ctx, id, operator, ranked(Admit), func(a *act) error {
		if user > maxID {
			return nil
		}
		return a.tx.Delete(&GroupBlackModel{}, "group_id = ? AND user_id = ?", id, user).Error
	})
}

// Blacks returns a page of those kept out, the last first, and how many there
// are, to who leads the group id.
func (q Groups) Blacks(ctx context.Context, id, user uint64, page, limit int32) ([]*GroupBlackModel, int64, error) {
	if _, err := q.Leader(ctx, id, user, Admit); err != nil {
		return nil, 0, err
	}
	return paged[GroupBlackModel](q.DB.WithContext(ctx).Model(&GroupBlackModel{}).Where("group_id = ?", id), "created_at DESC, user_id DESC", page, limit)
}

// Leader returns the group id to user, who must have right over it.
func (q Groups) Leader(ctx context.Context, id, user uint64, right Right) (*GroupModel, error) {
	g, m, err := q.Get(ctx, id, user)
	if err != nil {
		return nil, err
	}
	if err := g.Entry(m); err != nil {
		return nil, err
	}
	return g, m.must(right)
}
