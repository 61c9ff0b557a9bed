package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_user/user_rpc/internal/svc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// CreateLogic serves one request.
type CreateLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewCreateLogic(ctx context.Context, svcCtx *svc.ServiceContext) *CreateLogic {
	return &CreateLogic{ctx: ctx, svcCtx: svcCtx}
}

// Create makes an account; error 20001 when the name is taken, also in
func (l *CreateLogic) Create(in *user_rpc.CreateRequest) (*user_rpc.CreateResponse, error) {
	return nil, errs.Internal
}
