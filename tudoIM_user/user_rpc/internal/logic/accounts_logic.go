package logic

import (
	"context"

	"tudoIM/tudoIM_user/user_rpc/internal/model"
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
	list, count, err := l.svcCtx.Users.List(l.ctx, model.AccountFilter{Key: in.Key, Status: in.Status, Role: in.Role}, in.Page, in.Limit)
	if err != nil {
		return nil, err
	}
	shown, err := accounts(l.ctx, l.svcCtx, list...)
	if err != nil {
		return nil, err
	}
	return &user_rpc.AccountsResponse{List: shown, Count: count}, nil
}
