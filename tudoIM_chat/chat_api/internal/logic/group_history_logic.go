package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/common/wire"
	"tudoIM/tudoIM_chat/chat_api/internal/svc"
	"tudoIM/tudoIM_chat/chat_api/internal/types"
)

// GroupHistoryLogic serves one request.
type GroupHistoryLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewGroupHistoryLogic(ctx context.Context, svcCtx *svc.ServiceContext) *GroupHistoryLogic {
	return &GroupHistoryLogic{ctx: ctx, svcCtx: svcCtx}
}

// Messages of a group, by seq
func (l *GroupHistoryLogic) GroupHistory(req *types.GroupHistoryRequest) (resp *types.HistoryResponse, err error) {
	return l.svcCtx.Talk.History(l.ctx, token.From(l.ctx), &types.HistoryRequest{
		ConversationID: wire.GroupID(req.ID), BeforeSeq: req.BeforeSeq, AfterSeq: req.AfterSeq, AroundSeq: req.AroundSeq,
		Limit: req.Limit, MsgType: req.MsgType,
	})
}
