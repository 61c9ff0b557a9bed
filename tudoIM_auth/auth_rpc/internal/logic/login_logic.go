package logic

import (
	"context"
	"errors"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_auth/auth_rpc/internal/svc"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// LoginLogic serves one request.
type LoginLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewLoginLogic(ctx context.Context, svcCtx *svc.ServiceContext) *LoginLogic {
	return &LoginLogic{ctx: ctx, svcCtx: svcCtx}
}

// Login opens a session; those end that the device had before, or that the
// site does not allow beside it.
func (l *LoginLogic) Login(in *auth_rpc.LoginRequest) (*auth_rpc.Tokens, error) {
	d, err := device(in.Device)
	if err != nil {
		return nil, err
	}
	account, err := l.svcCtx.Users.Credentials(l.ctx, &user_rpc.CredentialsRequest{UserName: in.UserName})
	if errors.Is(err, errs.NotFound) {
		account, err = &user_rpc.CredentialsResponse{}, nil // judged below, in the same time
	}
	if err != nil {
		return nil, err
	}
	if err := judge(l.ctx, l.svcCtx, account, in.UserName, in.Password, d.ID, d.IP); err != nil {
		return nil, err
	}
	if account.Disabled {
		return nil, errs.Disabled
	}
	return open(l.ctx, l.svcCtx, account, d)
}
