package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_chat/chat_api/internal/svc"
	"tudoIM/tudoIM_chat/chat_api/internal/types"
)

// SendLogic serves one request.
type SendLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewSendLogic(ctx context.Context, svcCtx *svc.ServiceContext) *SendLogic {
	return &SendLogic{ctx: ctx, svcCtx: svcCtx}
}

// Send a message; answered when it is stored
func (l *SendLogic) Send(req *types.SendRequest) (resp *types.SendResponse, err error) {
	return l.svcCtx.Talk.Send(l.ctx, token.From(l.ctx), req)
}
