package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// MakeLinkLogic serves one request.
type MakeLinkLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewMakeLinkLogic(ctx context.Context, svcCtx *svc.ServiceContext) *MakeLinkLogic {
	return &MakeLinkLogic{ctx: ctx, svcCtx: svcCtx}
}

// Make a link that lets people in
func (l *MakeLinkLogic) MakeLink(req *types.MakeLinkRequest) (resp *types.MakeLinkResponse, err error) {
	made, err := l.svcCtx.Groups.MakeLink(l.ctx, &group_rpc.MakeLinkRequest{
		UserId: token.From(l.ctx).UserID, GroupId: req.GroupID, ExpireAt: req.ExpireAt, MaxUses: req.MaxUses,
	})
	if err != nil {
		return nil, err
	}
	return &types.MakeLinkResponse{Code: made.Code, URL: address(made.Code), ExpireAt: made.ExpireAt, MaxUses: made.MaxUses}, nil
}
