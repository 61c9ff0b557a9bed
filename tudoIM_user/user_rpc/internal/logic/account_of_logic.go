package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_user/user_rpc/internal/svc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// AccountOfLogic serves one request.
type AccountOfLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewAccountOfLogic(ctx context.Context, svcCtx *svc.ServiceContext) *AccountOfLogic {
	return &AccountOfLogic{ctx: ctx, svcCtx: svcCtx}
}

// AccountOf returns one of them, deleted or not; error 10006.
func (l *AccountOfLogic) AccountOf(in *user_rpc.UserIdRequest) (*user_rpc.Account, error) {
	return nil, errs.Internal
}
