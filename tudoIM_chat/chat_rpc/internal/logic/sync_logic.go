package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_chat/chat_rpc/internal/svc"
	"tudoIM/tudoIM_chat/chat_rpc/types/chat_rpc"
)

// SyncLogic serves one request.
type SyncLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewSyncLogic(ctx context.Context, svcCtx *svc.ServiceContext) *SyncLogic {
	return &SyncLogic{ctx: ctx, svcCtx: svcCtx}
}

func (l *SyncLogic) Sync(in *chat_rpc.SyncRequest) (*chat_rpc.SyncResponse, error) {
	return nil, errs.Internal
}
