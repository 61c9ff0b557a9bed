package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
)

// RequestsLogic serves one request.
type RequestsLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewRequestsLogic(ctx context.Context, svcCtx *svc.ServiceContext) *RequestsLogic {
	return &RequestsLogic{ctx: ctx, svcCtx: svcCtx}
}

// Requests, and records of who came and left
func (l *RequestsLogic) Requests(req *types.RequestsRequest) (resp *types.RequestsResponse, err error) {
	return resp, errs.Internal
}
