package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_chat/chat_api/internal/svc"
	"tudoIM/tudoIM_chat/chat_api/internal/types"
)

// HistoryLogic serves one request.
type HistoryLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewHistoryLogic(ctx context.Context, svcCtx *svc.ServiceContext) *HistoryLogic {
	return &HistoryLogic{ctx: ctx, svcCtx: svcCtx}
}

// Messages of a conversation, by seq
func (l *HistoryLogic) History(req *types.HistoryRequest) (resp *types.HistoryResponse, err error) {
	return l.svcCtx.Talk.History(l.ctx, token.From(l.ctx), req)
}
