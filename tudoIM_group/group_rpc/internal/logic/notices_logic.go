package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// NoticesLogic serves one request.
type NoticesLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewNoticesLogic(ctx context.Context, svcCtx *svc.ServiceContext) *NoticesLogic {
	return &NoticesLogic{ctx: ctx, svcCtx: svcCtx}
}

// Notices returns what the group's leaders have announced.
func (l *NoticesLogic) Notices(in *group_rpc.NoticesRequest) (*group_rpc.NoticesResponse, error) {
	return nil, errs.Internal
}
