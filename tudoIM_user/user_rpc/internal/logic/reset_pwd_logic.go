package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_user/user_rpc/internal/svc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// ResetPwdLogic serves one request.
type ResetPwdLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewResetPwdLogic(ctx context.Context, svcCtx *svc.ServiceContext) *ResetPwdLogic {
	return &ResetPwdLogic{ctx: ctx, svcCtx: svcCtx}
}

// ResetPwd gives a user another password and ends all sessions. Errors as
func (l *ResetPwdLogic) ResetPwd(in *user_rpc.ResetPwdRequest) (*user_rpc.ResetPwdResponse, error) {
	return nil, errs.Internal
}
