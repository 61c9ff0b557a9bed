package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_user/user_rpc/internal/svc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// HandleRequestLogic serves one request.
type HandleRequestLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewHandleRequestLogic(ctx context.Context, svcCtx *svc.ServiceContext) *HandleRequestLogic {
	return &HandleRequestLogic{ctx: ctx, svcCtx: svcCtx}
}

func (l *HandleRequestLogic) HandleRequest(in *user_rpc.HandleRequestRequest) (*user_rpc.HandleRequestResponse, error) {
	return nil, errs.Internal
}
