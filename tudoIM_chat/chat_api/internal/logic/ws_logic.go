package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_chat/chat_api/internal/svc"
)

// WsLogic serves one request.
type WsLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewWsLogic(ctx context.Context, svcCtx *svc.ServiceContext) *WsLogic {
	return &WsLogic{ctx: ctx, svcCtx: svcCtx}
}

// The socket
func (l *WsLogic) Ws() error {
	return errs.Internal
}
