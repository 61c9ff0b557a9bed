package logic

import (
	"context"

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

// AccountOf returns one account, deleted or not.
func (l *AccountOfLogic) AccountOf(in *user_rpc.UserIdRequest) (*user_rpc.Account, error) {
	a, err := l.svcCtx.Users.Any(l.ctx, in.UserId)
	if err != nil {
		return nil, err
	}
	shown, err := accounts(l.ctx, l.svcCtx, a)
	if err != nil {
		return nil, err
	}
	return shown[0], nil
}
