package logic

import (
	"context"

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

// ResetPwd gives a user another password and ends all sessions.
func (l *ResetPwdLogic) ResetPwd(in *user_rpc.ResetPwdRequest) (*user_rpc.ResetPwdResponse, error) {
	if err := l.svcCtx.Users.MayJudge(l.ctx, in.OperatorId, in.UserId); err != nil {
		return nil, err
	}
	a, err := l.svcCtx.Users.ResetPwd(l.ctx, in.UserId, in.Pwd, l.svcCtx.DB.Clock.Now(l.ctx))
	if err != nil {
		return nil, err
	}
	if err := settleAccount(l.ctx, l.svcCtx, a); err != nil {
		return nil, err
	}
	return &user_rpc.ResetPwdResponse{}, nil
}
