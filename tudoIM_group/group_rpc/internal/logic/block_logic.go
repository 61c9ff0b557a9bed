package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// BlockLogic serves one request.
type BlockLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewBlockLogic(ctx context.Context, svcCtx *svc.ServiceContext) *BlockLogic {
	return &BlockLogic{ctx: ctx, svcCtx: svcCtx}
}

// Block keeps a user out of a group, and puts a member out.
func (l *BlockLogic) Block(in *group_rpc.MemberRequest) (*group_rpc.DoneResponse, error) {
	return nil, errs.Internal
}
