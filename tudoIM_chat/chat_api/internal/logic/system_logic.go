package logic

import (
	"context"

	"tudoIM/tudoIM_chat/chat_api/internal/svc"
	"tudoIM/tudoIM_chat/chat_api/internal/types"
)

// SystemLogic serves one request.
type SystemLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewSystemLogic(ctx context.Context, svcCtx *svc.ServiceContext) *SystemLogic {
	return &SystemLogic{ctx: ctx, svcCtx: svcCtx}
}

// Send a notice to users; for administrators
func (l *SystemLogic) System(req *types.SystemRequest) (resp *types.SystemResponse, err error) {
	return l.svcCtx.Talk.Notify(l.ctx, req)
}
