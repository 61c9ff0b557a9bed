package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_chat/chat_api/internal/svc"
	"tudoIM/tudoIM_chat/chat_api/internal/types"
)

// SyncLogic serves one request.
type SyncLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewSyncLogic(ctx context.Context, svcCtx *svc.ServiceContext) *SyncLogic {
	return &SyncLogic{ctx: ctx, svcCtx: svcCtx}
}

// What I lack of some conversations
func (l *SyncLogic) Sync(req *types.SyncRequest) (resp *types.SyncResponse, err error) {
	return l.svcCtx.Talk.Sync(l.ctx, token.From(l.ctx), req)
}
