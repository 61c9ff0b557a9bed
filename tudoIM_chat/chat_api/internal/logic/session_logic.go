package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_chat/chat_api/internal/svc"
	"tudoIM/tudoIM_chat/chat_api/internal/types"
)

// SessionLogic serves one request.
type SessionLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewSessionLogic(ctx context.Context, svcCtx *svc.ServiceContext) *SessionLogic {
	return &SessionLogic{ctx: ctx, svcCtx: svcCtx}
}

// My conversations
func (l *SessionLogic) Session(req *types.SessionRequest) (resp *types.SessionResponse, err error) {
	return l.svcCtx.Talk.Sessions(l.ctx, token.From(l.ctx), req)
}
