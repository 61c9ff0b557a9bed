package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_auth/auth_api/internal/svc"
	"tudoIM/tudoIM_auth/auth_api/internal/types"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
)

// EndSessionLogic serves one request.
type EndSessionLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewEndSessionLogic(ctx context.Context, svcCtx *svc.ServiceContext) *EndSessionLogic {
	return &EndSessionLogic{ctx: ctx, svcCtx: svcCtx}
}

// End one of my sessions
func (l *EndSessionLogic) EndSession(req *types.SessionRequest) error {
	me := token.From(l.ctx)
	_, err := l.svcCtx.Auth.EndSession(l.ctx, &auth_rpc.EndSessionRequest{UserId: me.UserID, SessionId: me.SessionID, TargetId: req.ID})
	return err
}
