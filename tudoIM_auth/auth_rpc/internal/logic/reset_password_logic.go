package logic

import (
	"context"

	"tudoIM/tudoIM_auth/auth_rpc/internal/model"
	"tudoIM/tudoIM_auth/auth_rpc/internal/svc"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// ResetPasswordLogic serves one request.
type ResetPasswordLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewResetPasswordLogic(ctx context.Context, svcCtx *svc.ServiceContext) *ResetPasswordLogic {
	return &ResetPasswordLogic{ctx: ctx, svcCtx: svcCtx}
}

// ResetPassword gives a user another password, for an administrator.
func (l *ResetPasswordLogic) ResetPassword(in *auth_rpc.ResetPasswordRequest) (*auth_rpc.ResetPasswordResponse, error) {
	if err := model.CheckStrength(in.Password); err != nil {
		return nil, err
	}
	hash, err := l.svcCtx.Passwords.Hash(l.ctx, in.Password)
	if err != nil {
		return nil, err
	}
	_, err = l.svcCtx.Users.ResetPwd(l.ctx, &user_rpc.ResetPwdRequest{OperatorId: in.OperatorId, UserId: in.UserId, Pwd: hash})
	if err != nil {
		return nil, err
	}
	return &auth_rpc.ResetPasswordResponse{}, nil
}
