package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_chat/chat_api/internal/svc"
	"tudoIM/tudoIM_chat/chat_api/internal/types"
)

// DeleteSessionLogic serves one request.
type DeleteSessionLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewDeleteSessionLogic(ctx context.Context, svcCtx *svc.ServiceContext) *DeleteSessionLogic {
	return &DeleteSessionLogic{ctx: ctx, svcCtx: svcCtx}
}

// Take a conversation off my list, and clear it if asked to
func (l *DeleteSessionLogic) DeleteSession(req *types.DeleteSessionRequest) error {
	return l.svcCtx.Talk.Hide(l.ctx, token.From(l.ctx), req)
}
