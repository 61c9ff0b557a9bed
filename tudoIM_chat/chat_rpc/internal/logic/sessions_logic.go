package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_chat/chat_rpc/internal/svc"
	"tudoIM/tudoIM_chat/chat_rpc/types/chat_rpc"
)

// SessionsLogic serves one request.
type SessionsLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewSessionsLogic(ctx context.Context, svcCtx *svc.ServiceContext) *SessionsLogic {
	return &SessionsLogic{ctx: ctx, svcCtx: svcCtx}
}

func (l *SessionsLogic) Sessions(in *chat_rpc.SessionsRequest) (*chat_rpc.SessionsResponse, error) {
	return nil, errs.Internal
}
