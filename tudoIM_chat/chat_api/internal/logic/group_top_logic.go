package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_chat/chat_api/internal/svc"
	"tudoIM/tudoIM_chat/chat_api/internal/types"
)

// GroupTopLogic serves one request.
type GroupTopLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewGroupTopLogic(ctx context.Context, svcCtx *svc.ServiceContext) *GroupTopLogic {
	return &GroupTopLogic{ctx: ctx, svcCtx: svcCtx}
}

// Keep a group at the top of my list
func (l *GroupTopLogic) GroupTop(req *types.GroupTopRequest) error {
	return l.svcCtx.Talk.TopGroup(l.ctx, token.From(l.ctx), req)
}
