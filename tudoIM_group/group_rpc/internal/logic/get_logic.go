package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// GetLogic serves one request.
type GetLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewGetLogic(ctx context.Context, svcCtx *svc.ServiceContext) *GetLogic {
	return &GetLogic{ctx: ctx, svcCtx: svcCtx}
}

// Get returns a group to its members, and to others if it can be found by
func (l *GetLogic) Get(in *group_rpc.GetRequest) (*group_rpc.Group, error) {
	return nil, errs.Internal
}
