package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_chat/chat_api/internal/svc"
	"tudoIM/tudoIM_chat/chat_api/internal/types"
)

// MessageLogic serves one request.
type MessageLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewMessageLogic(ctx context.Context, svcCtx *svc.ServiceContext) *MessageLogic {
	return &MessageLogic{ctx: ctx, svcCtx: svcCtx}
}

// One message
func (l *MessageLogic) Message(req *types.MessageRequest) (resp *types.Message, err error) {
	return l.svcCtx.Talk.Message(l.ctx, token.From(l.ctx), req.ID)
}
