package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_chat/chat_api/internal/svc"
	"tudoIM/tudoIM_chat/chat_api/internal/types"
)

// RecallBatchLogic serves one request.
type RecallBatchLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewRecallBatchLogic(ctx context.Context, svcCtx *svc.ServiceContext) *RecallBatchLogic {
	return &RecallBatchLogic{ctx: ctx, svcCtx: svcCtx}
}

// Take messages back
func (l *RecallBatchLogic) RecallBatch(req *types.RecallBatchRequest) (resp *types.RecallBatchResponse, err error) {
	return l.svcCtx.Talk.RecallBatch(l.ctx, token.From(l.ctx), req)
}
