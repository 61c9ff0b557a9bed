package logic

import (
	"context"

	"tudoIM/tudoIM_user/user_rpc/internal/model"
	"tudoIM/tudoIM_user/user_rpc/internal/svc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// CredentialsLogic serves one request.
type CredentialsLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewCredentialsLogic(ctx context.Context, svcCtx *svc.ServiceContext) *CredentialsLogic {
	return &CredentialsLogic{ctx: ctx, svcCtx: svcCtx}
}

// Credentials returns what auth_rpc needs to judge a login.
func (l *CredentialsLogic) Credentials(in *user_rpc.CredentialsRequest) (*user_rpc.CredentialsResponse, error) {
	u, err := l.account(in)
	if err != nil {
		return nil, err
	}
	return &user_rpc.CredentialsResponse{
		UserId: u.ID, Pwd: u.Pwd, Role: u.Role, Disabled: u.Status == model.StatusDisabled,
		AuthVer: u.AuthVer,
	}, nil
}

func (l *CredentialsLogic) account(in *user_rpc.CredentialsRequest) (*model.UserModel, error) {
	switch {
	case in.UserId != 0:
		return l.svcCtx.Users.ByID(l.ctx, in.UserId)
	case in.OpenId != nil:
		return l.svcCtx.Users.ByOpenID(l.ctx, in.OpenId.Provider, in.OpenId.Subject)
	}
	return l.svcCtx.Users.ByLogin(l.ctx, in.UserName)
}
