package logic

import (
	"context"
	"net/http"

	"tudoIM/common/token"
	"tudoIM/tudoIM_chat/chat_api/internal/svc"
)

// WsLogic serves one socket.
type WsLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewWsLogic(ctx context.Context, svcCtx *svc.ServiceContext) *WsLogic {
	return &WsLogic{ctx: ctx, svcCtx: svcCtx}
}

// Ws upgrades the request and serves the socket until it ends; an error means
// that it was not upgraded and nothing is written yet.
func (l *WsLogic) Ws(w http.ResponseWriter, r *http.Request) error {
	return l.svcCtx.Hub.Serve(w, r, token.From(l.ctx))
}
