package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// JoinLogic serves one request.
type JoinLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewJoinLogic(ctx context.Context, svcCtx *svc.ServiceContext) *JoinLogic {
	return &JoinLogic{ctx: ctx, svcCtx: svcCtx}
}

// Join brings user_id in, or leaves a request with the group's leaders.
func (l *JoinLogic) Join(in *group_rpc.JoinRequest) (*group_rpc.JoinResponse, error) {
	return nil, errs.Internal
}
