package model

import (
	"context"
	"database/sql"
	"fmt"

	"gorm.io/gorm"

	"tudoIM/common/errs"
	"tudoIM/common/msglog"
	"tudoIM/core/db"
)

// insertRows bounds the rows of one INSERT.
const insertRows = 200

// Limits bound groups.
type Limits struct {
	// Members is how many members a group may have.
	Members int32
	// Owned is how many groups a user may own.
	Owned int64
}

// Groups are the queries of group_models and group_member_models.
type Groups struct {
	DB     *db.DB
	Limits Limits
	// Log is what members say; who is in changes between two messages.
	Log *msglog.Log
}

// GroupOwnerModel is what those lock who change which groups a user owns, or
// has asked. It counts nothing: rows are counted under the lock, so nothing can
// drift.
type GroupOwnerModel struct {
	UserID uint64 `gorm:"primaryKey;autoIncrement:false"`
}

// Create makes the group that d, which must have passed Check and Among, asks
// for, with its members and the row of its log. It answers errs.TooMany if the
// owner has as many groups as a user may own.
func (q Groups) Create(ctx context.Context, d *Draft) (*GroupModel, error) {
	var g *GroupModel
	// By the database's clock, as all times that devices sync by.
	now := q.DB.Clock.Milli(ctx)
	err := q.DB.Tx(ctx, func(tx *gorm.DB) error {
		g = d.group()
		g.CreatedAt, g.UpdatedAt = now, now
		if err := q.mayOwn(tx, d.Owner); err != nil {
			return err
		}
		if err := q.last(tx, d); err != nil {
			return err
		}
		if err := tx.Create(g).Error; err != nil {
			return err
		}
		if err := tx.CreateInBatches(d.members(g), insertRows).Error; err != nil {
			return err
		}
		return tx.Create(&GroupConversationModel{ID: g.ID}).Error
	})
	if err != nil {
		return nil, fmt.Errorf("group of %d: %w", d.Owner, err)
	}
	return g, nil
}

// mayOwn answers errs.TooMany if user owns as many groups as a user may, and
// keeps others from giving the user one until tx ends.
func (q Groups) mayOwn(tx *gorm.DB, user uint64) error {
	if err := q.lockUser(tx, user); err != nil {
		return err
	}
	var n int64
	if err := tx.Model(&GroupModel{}).Where("creator = ? AND deleted_at = 0", user).Count(&n).Error; err != nil {
		return err
	}
	if n >= q.Limits.Owned {
		return errs.TooMany.With("groups", n)
	}
	return nil
}

// last answers why the group of d cannot be made if an account is no more, which
// then would be in it for ever, and keeps them from ending until tx does.
func (q Groups) last(tx *gorm.DB, d *Draft) error {
	pool, ok := tx.Statement.ConnPool.(*sql.Tx)
	if !ok {
		return errs.Internal
	}
	states, err := Senders(q.DB).Of(tx.Statement.Context, pool, d.All())
	if err != nil {
		return err
	}
	if states[d.Owner].Gone {
		return errs.NotFound
	}
	for _, user := range d.Members {
		if states[user].Gone {
			return errs.NotYourFriend.With("userId", user)
		}
	}
	return nil
}

// lockUser keeps others from counting what user has until tx ends. An upsert
// locks the row whether it was there or not. An insert that is ignored would
// share the lock with others like it, and they would wait for each other.
func (q Groups) lockUser(tx *gorm.DB, user uint64) error {
	return tx.Exec("INSERT INTO group_owner_models (user_id) VALUES (?)"+q.DB.Upsert("user_id", "user_id"), user).Error
}

// Get returns the group id as user may see it, and user's membership, which is
// nil for those who are not in. It answers errs.NoGroup if there is no such
// group, also to those who may not know of it.
func (q Groups) Get(ctx context.Context, id, user uint64) (*GroupModel, *GroupMemberModel, error) {
	g, m, err := q.pair(q.DB.WithContext(ctx), id, user)
	if err != nil {
		return nil, nil, err
	}
	if err := g.Show(m); err != nil {
		return nil, nil, err
	}
	if m.In() == RoleNone {
		return g, nil, nil
	}
	return g, m, nil
}

// Admins returns the admins of group, who are its owner's helpers, by id.
func (q Groups) Admins(ctx context.Context, group uint64) ([]uint64, error) {
	var users []uint64
	err := q.DB.WithContext(ctx).Model(&GroupMemberModel{}).
		Where("group_id = ? AND role = ? AND deleted_at = 0", group, RoleAdmin).
		Order("user_id").Pluck("user_id", &users).Error
	if err != nil {
		return nil, fmt.Errorf("admins of group %d: %w", group, err)
	}
	return users, nil
}

// Count is how many groups a user owns, is an administrator of, and is in.
type Count struct{ Owned, Administered, Joined int64 }

// Counts returns how many groups each of users has; those who have none are
// left out.
func (q Groups) Counts(ctx context.Context, users ...uint64) (map[uint64]Count, error) {
	counts := map[uint64]Count{}
	if len(users) == 0 {
		return counts, nil
	}
	var list []struct {
		UserID uint64
		Role   int32
		N      int64
	}
	err := q.DB.WithContext(ctx).Table("group_member_models m").Select("m.user_id, m.role, COUNT(*) AS n").
		Joins("JOIN group_models g ON g.id = m.group_id AND g.deleted_at = 0").
		Where("m.user_id IN ? AND m.deleted_at = 0", users).Group("m.user_id, m.role").Find(&list).Error
	if err != nil {
		return nil, fmt.Errorf("groups of %d users: %w", len(users), err)
	}
	for _, row := range list {
		c := counts[row.UserID]
		c.Joined += row.N
		switch row.Role {
		case RoleOwner:
			c.Owned = row.N
		case RoleAdmin:
			c.Administered = row.N
		}
		counts[row.UserID] = c
	}
	return counts, nil
}
