package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_chat/chat_api/internal/svc"
	"tudoIM/tudoIM_chat/chat_api/internal/types"
)

// AdminSessionLogic serves one request.
type AdminSessionLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewAdminSessionLogic(ctx context.Context, svcCtx *svc.ServiceContext) *AdminSessionLogic {
	return &AdminSessionLogic{ctx: ctx, svcCtx: svcCtx}
}

// A user's conversations; for administrators, if the site allows it
func (l *AdminSessionLogic) AdminSession(req *types.AdminSessionRequest) (resp *types.SessionResponse, err error) {
	return l.svcCtx.Talk.AdminSessions(l.ctx, token.From(l.ctx), req)
}
