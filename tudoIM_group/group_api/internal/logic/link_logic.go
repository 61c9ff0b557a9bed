package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// LinkLogic serves one request.
type LinkLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewLinkLogic(ctx context.Context, svcCtx *svc.ServiceContext) *LinkLogic {
	return &LinkLogic{ctx: ctx, svcCtx: svcCtx}
}

// Where a link leads
func (l *LinkLogic) Link(req *types.LinkRequest) (resp *types.Link, err error) {
	k, err := l.svcCtx.Groups.GetLink(l.ctx, &group_rpc.LinkRequest{UserId: token.From(l.ctx).UserID, Code: req.Code})
	if err != nil {
		return nil, err
	}
	return &types.Link{
		Code: k.Code, URL: address(k.Code), GroupID: k.GroupId, Title: k.Title, Abstract: k.Abstract, Avatar: k.Avatar,
		MemberCount: k.MemberCount, ExpireAt: k.ExpireAt, MaxUses: k.MaxUses, Uses: k.Uses, IsInGroup: k.IsInGroup,
	}, nil
}
