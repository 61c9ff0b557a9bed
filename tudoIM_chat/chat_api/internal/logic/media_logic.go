package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_chat/chat_api/internal/svc"
	"tudoIM/tudoIM_chat/chat_api/internal/types"
)

// MediaLogic serves one request.
type MediaLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewMediaLogic(ctx context.Context, svcCtx *svc.ServiceContext) *MediaLogic {
	return &MediaLogic{ctx: ctx, svcCtx: svcCtx}
}

// Images, videos or files of a conversation
func (l *MediaLogic) Media(req *types.MediaRequest) (resp *types.HistoryResponse, err error) {
	return l.svcCtx.Talk.Media(l.ctx, token.From(l.ctx), req)
}
