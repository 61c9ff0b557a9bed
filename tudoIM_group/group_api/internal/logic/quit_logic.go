package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
)

// QuitLogic serves one request.
type QuitLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewQuitLogic(ctx context.Context, svcCtx *svc.ServiceContext) *QuitLogic {
	return &QuitLogic{ctx: ctx, svcCtx: svcCtx}
}

// Leave a group
func (l *QuitLogic) Quit(req *types.QuitRequest) error {
	return errs.Internal
}
