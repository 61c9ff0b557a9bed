package logic

import (
	"context"

	"tudoIM/tudoIM_group/group_rpc/internal/model"
	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// GetLinkLogic serves one request.
type GetLinkLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewGetLinkLogic(ctx context.Context, svcCtx *svc.ServiceContext) *GetLinkLogic {
	return &GetLinkLogic{ctx: ctx, svcCtx: svcCtx}
}

// GetLink returns where a link leads.
func (l *GetLinkLogic) GetLink(in *group_rpc.LinkRequest) (*group_rpc.Link, error) {
	k, g, m, err := l.svcCtx.Groups.Link(l.ctx, in.Code, in.UserId)
	if err != nil {
		return nil, err
	}
	link := &group_rpc.Link{
		Code: k.Code, GroupId: g.ID, Title: g.Title, Abstract: g.Abstract, Avatar: g.Avatar, MemberCount: g.MemberCount,
		ExpireAt: k.ExpireAt, MaxUses: k.MaxUses, IsInGroup: m.In() != model.RoleNone,
	}
	if link.IsInGroup {
		link.Uses = k.Uses
	}
	return link, nil
}
