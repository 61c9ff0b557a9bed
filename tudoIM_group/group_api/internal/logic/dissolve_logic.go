package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
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
	return errs.Internal
}
