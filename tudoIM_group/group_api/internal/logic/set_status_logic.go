package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
)

// SetStatusLogic serves one request.
type SetStatusLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewSetStatusLogic(ctx context.Context, svcCtx *svc.ServiceContext) *SetStatusLogic {
	return &SetStatusLogic{ctx: ctx, svcCtx: svcCtx}
}

// Suspend a group, or bring it back; for administrators
func (l *SetStatusLogic) SetStatus(req *types.SetStatusRequest) error {
	return errs.Internal
}
