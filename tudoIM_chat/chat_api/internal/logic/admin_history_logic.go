package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_chat/chat_api/internal/svc"
	"tudoIM/tudoIM_chat/chat_api/internal/types"
)

// AdminHistoryLogic serves one request.
type AdminHistoryLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewAdminHistoryLogic(ctx context.Context, svcCtx *svc.ServiceContext) *AdminHistoryLogic {
	return &AdminHistoryLogic{ctx: ctx, svcCtx: svcCtx}
}

// What two users said; for administrators, if the site allows it
func (l *AdminHistoryLogic) AdminHistory(req *types.AdminHistoryRequest) (resp *types.HistoryResponse, err error) {
	return l.svcCtx.Talk.AdminHistory(l.ctx, token.From(l.ctx), req)
}
