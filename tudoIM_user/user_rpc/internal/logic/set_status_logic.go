package logic

import (
	"context"

	"tudoIM/tudoIM_user/user_rpc/internal/model"
	"tudoIM/tudoIM_user/user_rpc/internal/svc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// SetStatusLogic serves one request.
type SetStatusLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewSetStatusLogic(ctx context.Context, svcCtx *svc.ServiceContext) *SetStatusLogic {
	return &SetStatusLogic{ctx: ctx, svcCtx: svcCtx}
}

// SetStatus puts an account in or out of use.
func (l *SetStatusLogic) SetStatus(in *user_rpc.SetStatusRequest) (*user_rpc.SetStatusResponse, error) {
	if err := l.svcCtx.Users.MayJudge(l.ctx, in.OperatorId, in.UserId); err != nil {
		return nil, err
	}
	status := model.StatusNormal
	if in.Disabled {
		status = model.StatusDisabled
	}
	a, err := l.svcCtx.Users.SetStatus(l.ctx, in.UserId, status, l.svcCtx.DB.Clock.Now(l.ctx))
	if err != nil {
		return nil, err
	}
	if err := settleAccount(l.ctx, l.svcCtx, a); err != nil {
		return nil, err
	}
	return &user_rpc.SetStatusResponse{}, nil
}
