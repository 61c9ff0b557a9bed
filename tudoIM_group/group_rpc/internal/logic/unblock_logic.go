package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// UnblockLogic serves one request.
type UnblockLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewUnblockLogic(ctx context.Context, svcCtx *svc.ServiceContext) *UnblockLogic {
	return &UnblockLogic{ctx: ctx, svcCtx: svcCtx}
}

func (l *UnblockLogic) Unblock(in *group_rpc.MemberRequest) (*group_rpc.DoneResponse, error) {
	return nil, errs.Internal
}
