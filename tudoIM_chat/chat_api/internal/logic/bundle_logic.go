package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_chat/chat_api/internal/svc"
	"tudoIM/tudoIM_chat/chat_api/internal/types"
)

// BundleLogic serves one request.
type BundleLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewBundleLogic(ctx context.Context, svcCtx *svc.ServiceContext) *BundleLogic {
	return &BundleLogic{ctx: ctx, svcCtx: svcCtx}
}

// The messages of a merged forward
func (l *BundleLogic) Bundle(req *types.MessageRequest) (resp *types.BundleResponse, err error) {
	return l.svcCtx.Talk.Bundle(l.ctx, token.From(l.ctx), req.ID)
}
