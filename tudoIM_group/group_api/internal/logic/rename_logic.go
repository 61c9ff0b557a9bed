package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
)

// RenameLogic serves one request.
type RenameLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewRenameLogic(ctx context.Context, svcCtx *svc.ServiceContext) *RenameLogic {
	return &RenameLogic{ctx: ctx, svcCtx: svcCtx}
}

// Give a member, or myself, a name in the group
func (l *RenameLogic) Rename(req *types.RenameRequest) error {
	return errs.Internal
}
