package logic

import (
	"context"

	"tudoIM/common/errs"
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

// SetPwd changes a password whose old one was judged, and ends the user's
func (l *SetPwdLogic) SetPwd(in *user_rpc.SetPwdRequest) (*user_rpc.SetPwdResponse, error) {
	return nil, errs.Internal
}
