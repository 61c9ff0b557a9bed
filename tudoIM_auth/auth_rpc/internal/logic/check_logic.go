package logic

import (
	"context"

	"tudoIM/tudoIM_auth/auth_rpc/internal/svc"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
)

// CheckLogic serves one request.
type CheckLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewCheckLogic(ctx context.Context, svcCtx *svc.ServiceContext) *CheckLogic {
	return &CheckLogic{ctx: ctx, svcCtx: svcCtx}
}

// Check tells whether a session lives.
func (l *CheckLogic) Check(in *auth_rpc.CheckRequest) (*auth_rpc.CheckResponse, error) {
	session, err := l.svcCtx.Sessions.Living(l.ctx, in.UserId, in.SessionId)
	if err != nil {
		return nil, err
	}
	l.svcCtx.Sessions.Active(l.ctx, session, l.svcCtx.DB.Clock.Now(l.ctx))
	return &auth_rpc.CheckResponse{}, nil
}
