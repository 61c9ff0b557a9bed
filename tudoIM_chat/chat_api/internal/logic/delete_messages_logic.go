package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_chat/chat_api/internal/svc"
	"tudoIM/tudoIM_chat/chat_api/internal/types"
)

// DeleteMessagesLogic serves one request.
type DeleteMessagesLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewDeleteMessagesLogic(ctx context.Context, svcCtx *svc.ServiceContext) *DeleteMessagesLogic {
	return &DeleteMessagesLogic{ctx: ctx, svcCtx: svcCtx}
}

// Delete messages, for me or for everybody
func (l *DeleteMessagesLogic) DeleteMessages(req *types.DeleteRequest) (resp *types.DeleteResponse, err error) {
	return l.svcCtx.Talk.Delete(l.ctx, token.From(l.ctx), req)
}
