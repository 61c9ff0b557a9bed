package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_chat/chat_api/internal/svc"
	"tudoIM/tudoIM_chat/chat_api/internal/types"
)

// UserTopLogic serves one request.
type UserTopLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewUserTopLogic(ctx context.Context, svcCtx *svc.ServiceContext) *UserTopLogic {
	return &UserTopLogic{ctx: ctx, svcCtx: svcCtx}
}

// Keep a friend at the top of my list
func (l *UserTopLogic) UserTop(req *types.UserTopRequest) error {
	return l.svcCtx.Talk.Top(l.ctx, token.From(l.ctx), req)
}
