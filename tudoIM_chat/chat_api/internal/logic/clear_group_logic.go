package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/common/wire"
	"tudoIM/tudoIM_chat/chat_api/internal/svc"
	"tudoIM/tudoIM_chat/chat_api/internal/types"
)

// ClearGroupLogic serves one request.
type ClearGroupLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewClearGroupLogic(ctx context.Context, svcCtx *svc.ServiceContext) *ClearGroupLogic {
	return &ClearGroupLogic{ctx: ctx, svcCtx: svcCtx}
}

// Clear what was said in a group, for me
func (l *ClearGroupLogic) ClearGroup(req *types.ClearGroupRequest) error {
	return l.svcCtx.Talk.Clear(l.ctx, token.From(l.ctx), wire.GroupID(req.ID))
}
