package logic

import (
	"context"

	"tudoIM/tudoIM_chat/chat_api/internal/svc"
	"tudoIM/tudoIM_chat/chat_api/internal/types"
)

// AdminDeleteLogic serves one request.
type AdminDeleteLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewAdminDeleteLogic(ctx context.Context, svcCtx *svc.ServiceContext) *AdminDeleteLogic {
	return &AdminDeleteLogic{ctx: ctx, svcCtx: svcCtx}
}

// Delete private messages for everybody; for administrators
func (l *AdminDeleteLogic) AdminDelete(req *types.AdminDeleteRequest) (resp *types.DeleteResponse, err error) {
	return l.svcCtx.Talk.AdminDelete(l.ctx, req)
}
