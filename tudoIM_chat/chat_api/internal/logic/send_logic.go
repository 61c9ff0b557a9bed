package logic

import (
	"context"
	"encoding/json"

	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/tudoIM_chat/chat_api/internal/svc"
	"tudoIM/tudoIM_chat/chat_api/internal/types"
	"tudoIM/tudoIM_chat/chat_api/internal/ws"
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
	raw, err := json.Marshal(req)
	if err != nil {
		return nil, errs.Bad
	}
	item, err := ws.SendItem(token.From(l.ctx).UserID, raw)
	if err != nil {
		return nil, err
	}
	return ws.Answer(l.svcCtx.Out.SendWait(l.ctx, item))
}
