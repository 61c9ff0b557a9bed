package model

import (
	"context"
	"fmt"

	"tudoIM/common/errs"
	"tudoIM/common/model"
	"tudoIM/utils/text"
)

// maxRemark bounds the name a member gives a group, in characters.
const maxRemark = 64

// ConfChange is what a member changes about how the group is kept; nil stays as
// it is.
type ConfChange struct {
	IsTop, IsMuted, ShowNick, Saved *bool
	MemberNickname, Remark          *string
}

// SetConf changes how user has the group id, and returns the row and what is
// different, by the names clients know. A new nickname is an act, for others
// see it; done is nil without one.
func (q Groups) SetConf(ctx context.Context, id, user uint64, x ConfChange) (m *GroupMemberModel, changed []string, done *Done, err error) {
	switch {
	case x.MemberNickname != nil && !nickable(*x.MemberNickname):
		return nil, nil, nil, errs.BadArgument("memberNickname")
	case x.Remark != nil && *x.Remark != "" && (!text.Line(*x.Remark, maxRemark) || !text.Visible(*x.Remark)):
		return nil, nil, nil, errs.BadArgument("remark")
	}
	g, m, err := q.Get(ctx, id, user)
	if err != nil {
		return nil, nil, nil, err
	}
	if err := g.Entry(m); err != nil {
		return nil, nil, nil, err
	}
	model.Set(&m.IsTop, x.IsTop, "isTop", &changed)
	model.Set(&m.IsMuted, x.IsMuted, "isMuted", &changed)
	model.Set(&m.ShowNick, x.ShowNick, "showNick", &changed)
	model.Set(&m.Saved, x.Saved, "saved", &changed)
	model.Set(&m.Remark, x.Remark, "remark", &changed)
	if err := q.keep(ctx, m, changed); err != nil {
		return nil, nil, nil, err
	}
	if x.MemberNickname != nil && *x.MemberNickname != m.MemberNickname {
		if done, err = q.Rename(ctx, id, user, user, *x.MemberNickname); err != nil {
			return nil, nil, nil, err
		}
		m.MemberNickname = *x.MemberNickname
		changed = append(changed, "memberNickname")
	}
	return m, changed, done, nil
}

// keep writes what m has changed of the own settings, and nothing else: other
// devices may be changing others.
func (q Groups) keep(ctx context.Context, m *GroupMemberModel, changed []string) error {
	if len(changed) == 0 {
		return nil
	}
	column := map[string]struct {
		name  string
		value any
	}{
		"isTop": {"is_top", m.IsTop}, "isMuted": {"is_muted", m.IsMuted}, "showNick": {"show_nick", m.ShowNick},
		"saved": {"saved", m.Saved}, "remark": {"remark", m.Remark},
	}
	values := map[string]any{"set_at": q.DB.Clock.Milli(ctx)}
	for _, name := range changed {
		values[column[name].name] = column[name].value
	}
	err := q.DB.WithContext(ctx).Model(&GroupMemberModel{}).
		Where("group_id = ? AND user_id = ? AND deleted_at = 0", m.GroupID, m.UserID).UpdateColumns(values).Error
	if err != nil {
		return fmt.Errorf("group %d of %d: %w", m.GroupID, m.UserID, err)
	}
	return nil
}
