package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// CreateLogic serves one request.
type CreateLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewCreateLogic(ctx context.Context, svcCtx *svc.ServiceContext) *CreateLogic {
	return &CreateLogic{ctx: ctx, svcCtx: svcCtx}
}

// Create makes a group of user_id, its owner, and the members.
func (l *CreateLogic) Create(in *group_rpc.CreateRequest) (*group_rpc.CreateResponse, error) {
	return nil, errs.Internal
}
