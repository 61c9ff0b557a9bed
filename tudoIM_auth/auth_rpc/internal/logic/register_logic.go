package logic

import (
	"context"

	"tudoIM/tudoIM_auth/auth_rpc/internal/model"
	"tudoIM/tudoIM_auth/auth_rpc/internal/svc"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
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
	if err := mayRegister(l.ctx, l.svcCtx, in.InviteCode, d.IP); err != nil {
		return nil, err
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
	return open(l.ctx, l.svcCtx, &user_rpc.CredentialsResponse{UserId: account.UserId, Role: account.Role}, d)
}
