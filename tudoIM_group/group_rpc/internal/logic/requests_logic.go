package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// RequestsLogic serves one request.
type RequestsLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewRequestsLogic(ctx context.Context, svcCtx *svc.ServiceContext) *RequestsLogic {
	return &RequestsLogic{ctx: ctx, svcCtx: svcCtx}
}

// Requests returns requests and records of who came and left, newest first.
func (l *RequestsLogic) Requests(in *group_rpc.RequestsRequest) (*group_rpc.RequestsResponse, error) {
	return nil, errs.Internal
}
