package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_user/user_rpc/internal/svc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// AccountsLogic serves one request.
type AccountsLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewAccountsLogic(ctx context.Context, svcCtx *svc.ServiceContext) *AccountsLogic {
	return &AccountsLogic{ctx: ctx, svcCtx: svcCtx}
}

// Accounts lists users as administrators see them, newest first.
func (l *AccountsLogic) Accounts(in *user_rpc.AccountsRequest) (*user_rpc.AccountsResponse, error) {
	return nil, errs.Internal
}
