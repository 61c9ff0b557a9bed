package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// BlacksLogic serves one request.
type BlacksLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewBlacksLogic(ctx context.Context, svcCtx *svc.ServiceContext) *BlacksLogic {
	return &BlacksLogic{ctx: ctx, svcCtx: svcCtx}
}

// Blacks returns who may not come in any more.
func (l *BlacksLogic) Blacks(in *group_rpc.BlacksRequest) (*group_rpc.BlacksResponse, error) {
	return nil, errs.Internal
}
