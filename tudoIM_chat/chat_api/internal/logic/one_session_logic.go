package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_chat/chat_api/internal/svc"
	"tudoIM/tudoIM_chat/chat_api/internal/types"
)

// OneSessionLogic serves one request.
type OneSessionLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewOneSessionLogic(ctx context.Context, svcCtx *svc.ServiceContext) *OneSessionLogic {
	return &OneSessionLogic{ctx: ctx, svcCtx: svcCtx}
}

// One of my conversations
func (l *OneSessionLogic) OneSession(req *types.OneSessionRequest) (resp *types.Conversation, err error) {
	return l.svcCtx.Talk.Session(l.ctx, token.From(l.ctx), req.ConversationID)
}
