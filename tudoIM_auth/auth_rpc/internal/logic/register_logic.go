package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_auth/auth_rpc/internal/model"
	"tudoIM/tudoIM_auth/auth_rpc/internal/svc"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
	"tudoIM/tudoIM_settings/settings_rpc/types/settings_rpc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// RegisterLogic serves one request.
type RegisterLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewRegisterLogic(ctx context.Context, svcCtx *svc.ServiceContext) *RegisterLogic {
	return &RegisterLogic{ctx: ctx, svcCtx: svcCtx}
}

// Register makes an account and its first session.
func (l *RegisterLogic) Register(in *auth_rpc.RegisterRequest) (*auth_rpc.Tokens, error) {
	d, err := device(in.Device)
	if err != nil {
		return nil, err
	}
	if err := model.CheckStrength(in.Password); err != nil {
		return nil, err
	}
	site, err := l.svcCtx.Settings.Get(l.ctx, &settings_rpc.GetRequest{})
	if err != nil {
		return nil, err
	}
	if !site.RegisterOpen {
		return nil, errs.RegisterClosed
	}
	hash, err := l.svcCtx.Passwords.Hash(l.ctx, in.Password)
	if err != nil {
		return nil, err
	}
	account, err := l.svcCtx.Users.Create(l.ctx, &user_rpc.CreateRequest{
		UserName: in.UserName, Pwd: hash, Nickname: in.Nickname, RegisterSource: d.Platform,
	})
	if err != nil {
		return nil, err
	}
	return open(l.ctx, l.svcCtx, account.UserId, account.Role, d)
}
