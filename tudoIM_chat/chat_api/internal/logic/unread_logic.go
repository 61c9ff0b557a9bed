package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_chat/chat_api/internal/svc"
	"tudoIM/tudoIM_chat/chat_api/internal/types"
)

// UnreadLogic serves one request.
type UnreadLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewUnreadLogic(ctx context.Context, svcCtx *svc.ServiceContext) *UnreadLogic {
	return &UnreadLogic{ctx: ctx, svcCtx: svcCtx}
}

// Mark a conversation as not read
func (l *UnreadLogic) Unread(req *types.UnreadRequest) (resp *types.ReadResponse, err error) {
	return l.svcCtx.Talk.MarkUnread(l.ctx, token.From(l.ctx), req.ConversationID)
}
