package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_user/user_api/internal/svc"
	"tudoIM/tudoIM_user/user_api/internal/types"
)

// RequestsLogic serves one request.
type RequestsLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewRequestsLogic(ctx context.Context, svcCtx *svc.ServiceContext) *RequestsLogic {
	return &RequestsLogic{ctx: ctx, svcCtx: svcCtx}
}

// Friend requests I sent or received
func (l *RequestsLogic) Requests(req *types.RequestsRequest) (resp *types.RequestsResponse, err error) {
	return resp, errs.Internal
}
