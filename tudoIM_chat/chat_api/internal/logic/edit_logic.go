package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_chat/chat_api/internal/svc"
	"tudoIM/tudoIM_chat/chat_api/internal/types"
)

// EditLogic serves one request.
type EditLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewEditLogic(ctx context.Context, svcCtx *svc.ServiceContext) *EditLogic {
	return &EditLogic{ctx: ctx, svcCtx: svcCtx}
}

// Edit a text of mine
func (l *EditLogic) Edit(req *types.EditRequest) (resp *types.EditResponse, err error) {
	return l.svcCtx.Talk.EditDocument(l.ctx, token.From(l.ctx), req)
}
