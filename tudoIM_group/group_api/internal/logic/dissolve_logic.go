package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// DissolveLogic serves one request.
type DissolveLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewDissolveLogic(ctx context.Context, svcCtx *svc.ServiceContext) *DissolveLogic {
	return &DissolveLogic{ctx: ctx, svcCtx: svcCtx}
}

// End a group for ever
func (l *DissolveLogic) Dissolve(req *types.GetRequest) error {
	_, err := l.svcCtx.Groups.Dissolve(l.ctx, &group_rpc.DissolveRequest{UserId: token.From(l.ctx).UserID, GroupId: req.ID})
	return err
}
