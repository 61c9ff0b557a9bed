package logic

import (
	"context"

	"tudoIM/tudoIM_auth/auth_api/internal/svc"
	"tudoIM/tudoIM_auth/auth_api/internal/types"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
)

// PasswordLogic serves one request.
type PasswordLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewPasswordLogic(ctx context.Context, svcCtx *svc.ServiceContext) *PasswordLogic {
	return &PasswordLogic{ctx: ctx, svcCtx: svcCtx}
}

// Change my password; my other sessions end
func (l *PasswordLogic) Password(req *types.PasswordRequest) error {
	_, err := l.svcCtx.Auth.SetPassword(l.ctx, &auth_rpc.SetPasswordRequest{
		Caller: caller(l.ctx), OldPassword: req.OldPassword, NewPassword: req.NewPassword, ConfirmToken: req.ConfirmToken,
	})
	return err
}
