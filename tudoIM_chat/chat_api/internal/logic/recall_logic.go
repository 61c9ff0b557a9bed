package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_chat/chat_api/internal/svc"
	"tudoIM/tudoIM_chat/chat_api/internal/types"
)

// RecallLogic serves one request.
type RecallLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewRecallLogic(ctx context.Context, svcCtx *svc.ServiceContext) *RecallLogic {
	return &RecallLogic{ctx: ctx, svcCtx: svcCtx}
}

// Take a message back
func (l *RecallLogic) Recall(req *types.RecallRequest) (resp *types.VerResponse, err error) {
	return l.svcCtx.Talk.Recall(l.ctx, token.From(l.ctx), req)
}
