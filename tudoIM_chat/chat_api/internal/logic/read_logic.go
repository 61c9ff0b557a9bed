package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_chat/chat_api/internal/svc"
	"tudoIM/tudoIM_chat/chat_api/internal/types"
)

// ReadLogic serves one request.
type ReadLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewReadLogic(ctx context.Context, svcCtx *svc.ServiceContext) *ReadLogic {
	return &ReadLogic{ctx: ctx, svcCtx: svcCtx}
}

// I have read up to seq
func (l *ReadLogic) Read(req *types.ReadRequest) (resp *types.ReadResponse, err error) {
	return l.svcCtx.Talk.Read(l.ctx, token.From(l.ctx), req)
}
