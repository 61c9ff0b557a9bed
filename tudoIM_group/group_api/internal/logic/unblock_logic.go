package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
)

// UnblockLogic serves one request.
type UnblockLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewUnblockLogic(ctx context.Context, svcCtx *svc.ServiceContext) *UnblockLogic {
	return &UnblockLogic{ctx: ctx, svcCtx: svcCtx}
}

// Let a user in again
func (l *UnblockLogic) Unblock(req *types.BlockRequest) error {
	return errs.Internal
}
