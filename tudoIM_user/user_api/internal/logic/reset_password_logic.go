package logic

import (
	"context"

	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
	"tudoIM/tudoIM_user/user_api/internal/svc"
	"tudoIM/tudoIM_user/user_api/internal/types"
	"tudoIM/tudoIM_user/user_rpc/admin"
)

// ResetPasswordLogic serves one request.
type ResetPasswordLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewResetPasswordLogic(ctx context.Context, svcCtx *svc.ServiceContext) *ResetPasswordLogic {
	return &ResetPasswordLogic{ctx: ctx, svcCtx: svcCtx}
}

// Give a user another password, which ends all sessions
func (l *ResetPasswordLogic) ResetPassword(req *types.ResetPasswordRequest) error {
	return admin.Act(l.ctx, l.svcCtx.Users, "user.password", req.ID, "", func(me uint64) error {
		_, err := l.svcCtx.Auth.ResetPassword(l.ctx, &auth_rpc.ResetPasswordRequest{OperatorId: me, UserId: req.ID, Password: req.Password})
		return err
	})
}
