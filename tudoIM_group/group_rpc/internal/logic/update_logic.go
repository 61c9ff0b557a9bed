package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// UpdateLogic serves one request.
type UpdateLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewUpdateLogic(ctx context.Context, svcCtx *svc.ServiceContext) *UpdateLogic {
	return &UpdateLogic{ctx: ctx, svcCtx: svcCtx}
}

// Update changes a group, for the owner and admins; its size only for the
func (l *UpdateLogic) Update(in *group_rpc.UpdateRequest) (*group_rpc.DoneResponse, error) {
	return nil, errs.Internal
}
