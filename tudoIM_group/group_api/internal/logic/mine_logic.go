package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
)

// MineLogic serves one request.
type MineLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewMineLogic(ctx context.Context, svcCtx *svc.ServiceContext) *MineLogic {
	return &MineLogic{ctx: ctx, svcCtx: svcCtx}
}

// My groups
func (l *MineLogic) Mine(req *types.MineRequest) (resp *types.CardsResponse, err error) {
	return resp, errs.Internal
}
