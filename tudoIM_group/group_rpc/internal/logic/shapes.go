package logic

import (
	"context"

	base "tudoIM/common/model"
	"tudoIM/tudoIM_group/group_rpc/internal/model"
	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// group is g as it travels; m is the membership of who asks, nil for others.
func group(g *model.GroupModel, m *model.GroupMemberModel, now int64) *group_rpc.Group {
	out := &group_rpc.Group{
		GroupId: g.ID, Title: g.Title, Abstract: g.Abstract, Avatar: g.Avatar, Creator: g.Creator, MemberCount: g.MemberCount,
		Size: g.Size, IsSearch: g.IsSearch, Verification: g.Verification, IsInvite: g.IsInvite, IsTemporarySession: g.IsTemporarySession,
		HistoryVisible: g.HistoryVisible, Status: g.Status, Ver: g.Ver, Role: m.In(), CreatedAt: g.CreatedAt,
	}
	if g.AllMuted(now) {
		out.IsProhibition, out.ProhibitionUntil = true, g.ProhibitionUntil
	}
	if m != nil {
		out.Conf = conf(m)
	}
	return out
}

// groups are list as they travel to user, with how user has them.
func groups(ctx context.Context, s *svc.ServiceContext, user uint64, list []*model.GroupModel, count int64) (*group_rpc.GroupsResponse, error) {
	rows, err := s.Groups.Rows(ctx, user, list...)
	if err != nil {
		return nil, err
	}
	resp := &group_rpc.GroupsResponse{Count: count}
	now := s.DB.Clock.Milli(ctx)
	for _, g := range list {
		resp.List = append(resp.List, group(g, rows[g.ID], now))
	}
	return resp, nil
}

func conf(m *model.GroupMemberModel) *group_rpc.Conf {
	return &group_rpc.Conf{
		IsTop: m.IsTop, IsMuted: m.IsMuted, ShowNick: m.ShowNick, MemberNickname: m.MemberNickname, Remark: m.Remark, Saved: m.Saved,
	}
}

func member(m *model.GroupMemberModel, now int64) *group_rpc.Member {
	return &group_rpc.Member{
		UserId: m.UserID, MemberNickname: m.MemberNickname, Role: m.In(), ProhibitionUntil: m.MutedUntil(now),
		CreatedAt: m.CreatedAt, LastMsgAt: m.LastMsgAt, InviterId: m.InviterID, Ver: m.Ver, IsLeft: m.DeletedAt != 0,
	}
}

func notice(n model.ShownNotice) *group_rpc.Notice {
	return &group_rpc.Notice{
		Id: n.ID, GroupId: n.GroupID, UserId: n.UserID, Content: n.Content, IsTop: n.IsTop, NeedConfirm: n.NeedConfirm,
		CreatedAt: n.CreatedAt, ConfirmCount: n.Confirms, IsConfirmed: n.Mine,
	}
}

func question(q base.Question) *group_rpc.Question {
	return &group_rpc.Question{
		Problem1: q.Problem1, Problem2: q.Problem2, Problem3: q.Problem3, Answer1: q.Answer1, Answer2: q.Answer2, Answer3: q.Answer3,
	}
}

// request is v, of the group g, nil for one that user may not know of, as user
// may see it: who proposed and who decided is for those who lead the group.
func request(v *model.GroupVerifyModel, g *model.GroupModel, user uint64) *group_rpc.RequestItem {
	out := &group_rpc.RequestItem{
		Id: v.ID, GroupId: v.GroupID, UserId: v.UserID,
		Type: v.Type, Status: v.Status(user), Flag: v.Flag(user), AdditionalMessages: v.AdditionalMessages,
		Question: question(v.Shown(user)), Source: v.Source, CreatedAt: v.CreatedAt, HandledAt: v.HandledAt,
	}
	if user != v.UserID {
		out.InviterId, out.HandlerId = v.InviterID, v.HandlerID
	}
	if g != nil {
		out.Title, out.Avatar = g.Title, g.Avatar
	}
	return out
}
