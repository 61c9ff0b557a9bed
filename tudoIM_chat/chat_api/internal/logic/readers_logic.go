package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_chat/chat_api/internal/svc"
	"tudoIM/tudoIM_chat/chat_api/internal/types"
)

// ReadersLogic serves one request.
type ReadersLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewReadersLogic(ctx context.Context, svcCtx *svc.ServiceContext) *ReadersLogic {
	return &ReadersLogic{ctx: ctx, svcCtx: svcCtx}
}

// Who has read a message
func (l *ReadersLogic) Readers(req *types.ReadersRequest) (resp *types.ReadersResponse, err error) {
	return l.svcCtx.Talk.Readers(l.ctx, token.From(l.ctx), req.MsgID)
}
