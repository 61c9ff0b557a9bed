package logic

import (
	"context"

	"tudoIM/tudoIM_auth/auth_rpc/internal/model"
	"tudoIM/tudoIM_auth/auth_rpc/internal/svc"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
)

// LogoutLogic serves one request.
type LogoutLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewLogoutLogic(ctx context.Context, svcCtx *svc.ServiceContext) *LogoutLogic {
	return &LogoutLogic{ctx: ctx, svcCtx: svcCtx}
}

// Logout ends sessions; ending an ended one is ok.
func (l *LogoutLogic) Logout(in *auth_rpc.LogoutRequest) (*auth_rpc.LogoutResponse, error) {
	ended, err := l.svcCtx.Sessions.End(l.ctx, in.UserId, in.SessionId, in.All, model.ReasonLogout, l.svcCtx.DB.Clock.Now(l.ctx))
	if err != nil {
		return nil, err
	}
	kick(l.ctx, l.svcCtx, in.UserId, ended, kickEvent{Reason: model.ReasonLogout})
	return &auth_rpc.LogoutResponse{}, nil
}
