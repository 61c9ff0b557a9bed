package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_chat/chat_api/internal/svc"
	"tudoIM/tudoIM_chat/chat_api/internal/types"
)

// PinsLogic serves one request.
type PinsLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewPinsLogic(ctx context.Context, svcCtx *svc.ServiceContext) *PinsLogic {
	return &PinsLogic{ctx: ctx, svcCtx: svcCtx}
}

// Pinned messages of a conversation
func (l *PinsLogic) Pins(req *types.PinsRequest) (resp *types.PinsResponse, err error) {
	return l.svcCtx.Talk.Pins(l.ctx, token.From(l.ctx), req)
}
