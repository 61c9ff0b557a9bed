package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_chat/chat_api/internal/svc"
	"tudoIM/tudoIM_chat/chat_api/internal/types"
)

// UnpinLogic serves one request.
type UnpinLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewUnpinLogic(ctx context.Context, svcCtx *svc.ServiceContext) *UnpinLogic {
	return &UnpinLogic{ctx: ctx, svcCtx: svcCtx}
}

// Take a pinned message off
func (l *UnpinLogic) Unpin(req *types.UnpinRequest) (resp *types.VerResponse, err error) {
	return l.svcCtx.Talk.Pin(l.ctx, token.From(l.ctx), req.MsgID, false)
}
