package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
)

// KickLogic serves one request.
type KickLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewKickLogic(ctx context.Context, svcCtx *svc.ServiceContext) *KickLogic {
	return &KickLogic{ctx: ctx, svcCtx: svcCtx}
}

// Put a member out
func (l *KickLogic) Kick(req *types.KickRequest) error {
	return errs.Internal
}
