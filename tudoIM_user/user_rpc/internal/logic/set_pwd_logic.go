package logic

import (
	"context"

	"tudoIM/tudoIM_user/user_rpc/internal/svc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// SetPwdLogic serves one request.
type SetPwdLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewSetPwdLogic(ctx context.Context, svcCtx *svc.ServiceContext) *SetPwdLogic {
	return &SetPwdLogic{ctx: ctx, svcCtx: svcCtx}
}

// SetPwd changes a password whose old one was judged.
func (l *SetPwdLogic) SetPwd(in *user_rpc.SetPwdRequest) (*user_rpc.SetPwdResponse, error) {
	a, err := l.svcCtx.Users.SetPwd(l.ctx, in.UserId, in.Pwd, in.AuthVer, in.KeepSessionId, l.svcCtx.DB.Clock.Now(l.ctx))
	if err != nil {
		return nil, err
	}
	if err := settleAccount(l.ctx, l.svcCtx, a); err != nil {
		return nil, err
	}
	return &user_rpc.SetPwdResponse{}, nil
}
