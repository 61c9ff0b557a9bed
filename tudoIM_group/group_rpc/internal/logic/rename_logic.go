package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// RenameLogic serves one request.
type RenameLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewRenameLogic(ctx context.Context, svcCtx *svc.ServiceContext) *RenameLogic {
	return &RenameLogic{ctx: ctx, svcCtx: svcCtx}
}

// Rename gives a member a name in the group.
func (l *RenameLogic) Rename(in *group_rpc.RenameRequest) (*group_rpc.DoneResponse, error) {
	return nil, errs.Internal
}
