package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_chat/chat_api/internal/svc"
	"tudoIM/tudoIM_chat/chat_api/internal/types"
)

// ReactionLogic serves one request.
type ReactionLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewReactionLogic(ctx context.Context, svcCtx *svc.ServiceContext) *ReactionLogic {
	return &ReactionLogic{ctx: ctx, svcCtx: svcCtx}
}

// React to a message with an emoji
func (l *ReactionLogic) Reaction(req *types.ReactionRequest) (resp *types.ReactionResponse, err error) {
	return l.svcCtx.Talk.React(l.ctx, token.From(l.ctx), req)
}
