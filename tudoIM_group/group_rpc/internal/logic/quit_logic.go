package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// QuitLogic serves one request.
type QuitLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewQuitLogic(ctx context.Context, svcCtx *svc.ServiceContext) *QuitLogic {
	return &QuitLogic{ctx: ctx, svcCtx: svcCtx}
}

// Quit leaves a group; error 50012 for the owner.
func (l *QuitLogic) Quit(in *group_rpc.OneRequest) (*group_rpc.DoneResponse, error) {
	return nil, errs.Internal
}
