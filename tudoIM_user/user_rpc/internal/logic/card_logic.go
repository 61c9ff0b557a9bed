package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_user/user_rpc/internal/svc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// CardLogic serves one request.
type CardLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewCardLogic(ctx context.Context, svcCtx *svc.ServiceContext) *CardLogic {
	return &CardLogic{ctx: ctx, svcCtx: svcCtx}
}

// Card returns what user_id may see of target_id.
func (l *CardLogic) Card(in *user_rpc.CardRequest) (*user_rpc.CardResponse, error) {
	return nil, errs.Internal
}
