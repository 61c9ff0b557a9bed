package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
)

// BlacksLogic serves one request.
type BlacksLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewBlacksLogic(ctx context.Context, svcCtx *svc.ServiceContext) *BlacksLogic {
	return &BlacksLogic{ctx: ctx, svcCtx: svcCtx}
}

// Who may not come in any more
func (l *BlacksLogic) Blacks(req *types.BlacksRequest) (resp *types.BlacksResponse, err error) {
	return resp, errs.Internal
}
