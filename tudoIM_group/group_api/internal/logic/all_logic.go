package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
)

// AllLogic serves one request.
type AllLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewAllLogic(ctx context.Context, svcCtx *svc.ServiceContext) *AllLogic {
	return &AllLogic{ctx: ctx, svcCtx: svcCtx}
}

// Groups as administrators see them
func (l *AllLogic) All(req *types.AllRequest) (resp *types.CardsResponse, err error) {
	return resp, errs.Internal
}
