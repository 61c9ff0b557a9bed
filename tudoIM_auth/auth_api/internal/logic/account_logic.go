package logic

import (
	"context"

	"tudoIM/tudoIM_auth/auth_api/internal/svc"
	"tudoIM/tudoIM_auth/auth_api/internal/types"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
)

// AccountLogic serves one request.
type AccountLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewAccountLogic(ctx context.Context, svcCtx *svc.ServiceContext) *AccountLogic {
	return &AccountLogic{ctx: ctx, svcCtx: svcCtx}
}

// Close my account for ever, with the header X-Confirm-Token
func (l *AccountLogic) Account(req *types.AccountRequest) error {
	_, err := l.svcCtx.Auth.DeleteAccount(l.ctx, &auth_rpc.DeleteAccountRequest{Caller: caller(l.ctx), ConfirmToken: req.ConfirmToken})
	return err
}
