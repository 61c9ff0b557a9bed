package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
)

// BlockLogic serves one request.
type BlockLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewBlockLogic(ctx context.Context, svcCtx *svc.ServiceContext) *BlockLogic {
	return &BlockLogic{ctx: ctx, svcCtx: svcCtx}
}

// Keep a user out for good
func (l *BlockLogic) Block(req *types.BlockRequest) error {
	return errs.Internal
}
