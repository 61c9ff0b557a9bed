package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_chat/chat_api/internal/svc"
	"tudoIM/tudoIM_chat/chat_api/internal/types"
)

// ForwardLogic serves one request.
type ForwardLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewForwardLogic(ctx context.Context, svcCtx *svc.ServiceContext) *ForwardLogic {
	return &ForwardLogic{ctx: ctx, svcCtx: svcCtx}
}

// Forward messages, each by itself or merged into one
func (l *ForwardLogic) Forward(req *types.ForwardRequest) (resp *types.ForwardResponse, err error) {
	return l.svcCtx.Talk.Forward(l.ctx, token.From(l.ctx), req)
}
