package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_user/user_api/internal/svc"
	"tudoIM/tudoIM_user/user_api/internal/types"
)

// CardLogic serves one request.
type CardLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewCardLogic(ctx context.Context, svcCtx *svc.ServiceContext) *CardLogic {
	return &CardLogic{ctx: ctx, svcCtx: svcCtx}
}

// What I may see of a user
func (l *CardLogic) Card(req *types.CardRequest) (resp *types.CardResponse, err error) {
	return resp, errs.Internal
}
