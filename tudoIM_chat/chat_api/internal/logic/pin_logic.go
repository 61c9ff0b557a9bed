package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_chat/chat_api/internal/svc"
	"tudoIM/tudoIM_chat/chat_api/internal/types"
)

// PinLogic serves one request.
type PinLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewPinLogic(ctx context.Context, svcCtx *svc.ServiceContext) *PinLogic {
	return &PinLogic{ctx: ctx, svcCtx: svcCtx}
}

// Pin a message
func (l *PinLogic) Pin(req *types.PinRequest) (resp *types.VerResponse, err error) {
	return l.svcCtx.Talk.Pin(l.ctx, token.From(l.ctx), req.MsgID, true)
}
