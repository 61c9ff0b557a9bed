package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_chat/chat_rpc/internal/svc"
	"tudoIM/tudoIM_chat/chat_rpc/types/chat_rpc"
)

// ReadLogic serves one request.
type ReadLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewReadLogic(ctx context.Context, svcCtx *svc.ServiceContext) *ReadLogic {
	return &ReadLogic{ctx: ctx, svcCtx: svcCtx}
}

func (l *ReadLogic) Read(in *chat_rpc.ReadRequest) (*chat_rpc.ReadResponse, error) {
	return nil, errs.Internal
}
