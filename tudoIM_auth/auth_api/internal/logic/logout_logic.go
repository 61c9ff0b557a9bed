package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_auth/auth_api/internal/svc"
	"tudoIM/tudoIM_auth/auth_api/internal/types"
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

// End this session, or all of mine
func (l *LogoutLogic) Logout(req *types.LogoutRequest) error {
	me := token.From(l.ctx)
	_, err := l.svcCtx.Auth.Logout(l.ctx, &auth_rpc.LogoutRequest{UserId: me.UserID, SessionId: me.SessionID, All: req.All})
	return err
}
