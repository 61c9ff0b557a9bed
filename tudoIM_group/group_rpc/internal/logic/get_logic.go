package logic

import (
	"context"

	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// GetLogic serves one request.
type GetLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewGetLogic(ctx context.Context, svcCtx *svc.ServiceContext) *GetLogic {
	return &GetLogic{ctx: ctx, svcCtx: svcCtx}
}

// Get returns a group to its members, and to others if search finds it.
func (l *GetLogic) Get(in *group_rpc.GetRequest) (*group_rpc.Group, error) {
	g, member, err := l.svcCtx.Groups.Get(l.ctx, in.GroupId, in.UserId)
	if err != nil {
		return nil, err
	}
	admins, err := l.svcCtx.Groups.Admins(l.ctx, g.ID)
	if err != nil {
		return nil, err
	}
	return &group_rpc.Group{
		GroupId: g.ID, Title: g.Title, Abstract: g.Abstract, Avatar: g.Avatar,
		Creator: g.Creator, Admins: admins, MemberCount: g.MemberCount, Size: g.Size,
		IsSearch: g.IsSearch, Verification: g.Verification, IsInvite: g.IsInvite,
		IsTemporarySession: g.IsTemporarySession, IsProhibition: g.IsProhibition,
		Ver: g.Ver, Role: member.In(), CreatedAt: g.CreatedAt,
	}, nil
}
