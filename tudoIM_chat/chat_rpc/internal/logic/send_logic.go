package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_chat/chat_rpc/internal/svc"
	"tudoIM/tudoIM_chat/chat_rpc/types/chat_rpc"
)

// SendLogic serves one request.
type SendLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewSendLogic(ctx context.Context, svcCtx *svc.ServiceContext) *SendLogic {
	return &SendLogic{ctx: ctx, svcCtx: svcCtx}
}

// Send appends messages and answers when they are committed.
func (l *SendLogic) Send(in *chat_rpc.SendRequest) (*chat_rpc.SendResponse, error) {
	return nil, errs.Internal
}
