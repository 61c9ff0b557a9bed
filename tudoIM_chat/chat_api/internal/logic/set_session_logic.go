package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_chat/chat_api/internal/svc"
	"tudoIM/tudoIM_chat/chat_api/internal/types"
)

// SetSessionLogic serves one request.
type SetSessionLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewSetSessionLogic(ctx context.Context, svcCtx *svc.ServiceContext) *SetSessionLogic {
	return &SetSessionLogic{ctx: ctx, svcCtx: svcCtx}
}

// Change what I have set on a conversation
func (l *SetSessionLogic) SetSession(req *types.SetSessionRequest) (resp *types.Conversation, err error) {
	return l.svcCtx.Talk.Set(l.ctx, token.From(l.ctx), req)
}
