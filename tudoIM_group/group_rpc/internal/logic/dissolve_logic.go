package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_rpc/internal/svc"
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

// Dissolve ends a group for ever; error 50006 unless by the owner.
func (l *DissolveLogic) Dissolve(in *group_rpc.DissolveRequest) (*group_rpc.DoneResponse, error) {
	return nil, errs.Internal
}
