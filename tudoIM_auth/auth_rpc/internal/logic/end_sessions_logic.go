package logic

import (
	"context"

	"tudoIM/tudoIM_auth/auth_rpc/internal/svc"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
)

// EndSessionsLogic serves one request.
type EndSessionsLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewEndSessionsLogic(ctx context.Context, svcCtx *svc.ServiceContext) *EndSessionsLogic {
	return &EndSessionsLogic{ctx: ctx, svcCtx: svcCtx}
}

// EndSessions ends the sessions of a user that were opened on the word of a
// lower auth_ver, and lets no more be.
func (l *EndSessionsLogic) EndSessions(in *auth_rpc.EndSessionsRequest) (*auth_rpc.EndSessionsResponse, error) {
	ended, err := l.svcCtx.Sessions.EndBelow(l.ctx, in.UserId, in.AuthVer, in.KeepSessionId, in.Reason, l.svcCtx.DB.Clock.Now(l.ctx))
	if err != nil {
		return nil, err
	}
	kick(l.ctx, l.svcCtx, in.UserId, ended, kickEvent{Reason: in.Reason})
	return &auth_rpc.EndSessionsResponse{}, nil
}
