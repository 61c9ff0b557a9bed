package model

import (
	"context"
	"strconv"

	"gorm.io/gorm"

	"tudoIM/common/ctype"
	"tudoIM/common/errs"
	"tudoIM/utils/text"
)

const (
	// maxAdmins is how many admins a group may have.
	maxAdmins = 20
	// MaxMute is the longest mute in minutes: 30 days.
	MaxMute = 43200
	// maxMemberNickname bounds the name in a group in characters.
	maxMemberNickname = 32
	minute            = 60_000
)

// Transfer makes member the owner of the group id. Who was it becomes an admin,
// or a member if there are as many admins as there may be.
func (q Groups) Transfer(ctx context.Context, id, user, member uint64) (*Done, error) {
	return q.act(ctx, id, user, ranked(GiveGroup), func(a *act) error {
		m, err := a.other(member)
		if err != nil {
			return err
		}
		if err := a.me.mustOver(GiveGroup, m); err != nil {
			return err
		}
		if err := q.mayOwn(a.tx, member); err != nil {
			return err
		}
		return a.enthrone(m)
	})
}

// enthrone makes m the owner in place of who acts, in one go: there is no
// moment with two, or none.
func (a *act) enthrone(m *GroupMemberModel) error {
	m.Role, a.me.Role = RoleOwner, RoleMember // both before the admins are counted
	if err := a.save(m, "role"); err != nil {
		return err
	}
	if err := a.save(a.me, "role"); err != nil {
		return err
	}
	n, err := admins(a.tx, a.Group.ID)
	if err != nil {
		return err
	}
	if n < maxAdmins {
		a.me.Role = RoleAdmin
		if err := a.tx.Model(a.me).UpdateColumn("role", RoleAdmin).Error; err != nil {
			return err
		}
	}
	a.Group.Creator = m.UserID
	a.change("creator")
	return a.tip(ctype.TipOwner, a.user, []uint64{m.UserID}, "")
}

func admins(tx *gorm.DB, group uint64) (n int64, err error) {
	err = tx.Model(&GroupMemberModel{}).Where("group_id = ? AND role = ? AND deleted_at = 0", group, RoleAdmin).Count(&n).Error
	return n, err
}

// SetRole makes member an admin of the group id, or none.
func (q Groups) SetRole(ctx context.Context, id, user, member uint64, role int32) (*Done, error) {
	if role != RoleAdmin && role != RoleMember {
		return nil, errs.BadArgument("role")
	}
	return q.act(ctx, id, user, ranked(SetMemberRole), func(a *act) error {
		m, err := a.other(member)
		if err != nil {
			return err
		}
		if err := a.me.mustOver(SetMemberRole, m); err != nil {
			return err
		}
		if m.Role == role {
			return nil
		}
		status := ctype.TipNoAdmin
		if role == RoleAdmin {
			status = ctype.TipAdmin
			n, err := admins(a.tx, id)
			if err != nil {
				return err
			}
			if n >= maxAdmins {
				return errs.Conflict.With("admins", n)
			}
		}
		m.Role = role
		if err := a.save(m, "role"); err != nil {
			return err
		}
		return a.tip(status, user, []uint64{member}, "")
	})
}

// Mute keeps member from sending to the group id for some minutes; nil lets
// the member send again.
func (q Groups) Mute(ctx context.Context, id, user, member uint64, minutes *int32) (*Done, error) {
	if minutes != nil && (*minutes < 1 || *minutes > MaxMute) {
		return nil, errs.BadArgument("minutes")
	}
	return q.act(ctx, id, user, ranked(MuteMember), func(a *act) error {
		m, err := a.other(member)
		if err != nil {
			return err
		}
		if err := a.me.mustOver(MuteMember, m); err != nil {
			return err
		}
		status, value := ctype.TipUnmuted, ""
		var until int64
		switch {
		case minutes != nil:
			status, value, until = ctype.TipMuted, strconv.Itoa(int(*minutes)), a.now+int64(*minutes)*minute
		case m.MutedUntil(a.now) == 0:
			return nil
		}
		m.ProhibitionUntil = until
		if err := a.save(m, "prohibition_until"); err != nil {
			return err
		}
		return a.tip(status, user, []uint64{member}, value)
	})
}

// Rename gives member, who may be user, a name in the group id; an empty one
// is the user's own.
func (q Groups) Rename(ctx context.Context, id, user, member uint64, nickname string) (*Done, error) {
	if !nickable(nickname) {
		return nil, errs.BadArgument("nickname")
	}
	return q.act(ctx, id, user, inside, func(a *act) error {
		m := a.me
		if member != user {
			var err error
			if m, err = a.other(member); err != nil {
				return err
			}
		}
		if err := a.me.mustOver(RenameMember, m); err != nil {
			return err
		}
		return a.rename(m, nickname)
	})
}

func nickable(nickname string) bool {
	return nickname == "" || text.Line(nickname, maxMemberNickname) && text.Visible(nickname)
}

func (a *act) rename(m *GroupMemberModel, nickname string) error {
	if m.MemberNickname == nickname {
		return nil
	}
	if nickname != "" {
		if err := a.mayName(); err != nil {
			return err
		}
	}
	m.MemberNickname = nickname
	return a.save(m, "member_nickname")
}
