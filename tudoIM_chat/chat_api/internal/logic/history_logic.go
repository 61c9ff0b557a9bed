package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_chat/chat_api/internal/people"
	"tudoIM/tudoIM_chat/chat_api/internal/svc"
	"tudoIM/tudoIM_chat/chat_api/internal/types"
	"tudoIM/tudoIM_chat/chat_rpc/types/chat_rpc"
)

// HistoryLogic serves one request.
type HistoryLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewHistoryLogic(ctx context.Context, svcCtx *svc.ServiceContext) *HistoryLogic {
	return &HistoryLogic{ctx: ctx, svcCtx: svcCtx}
}

// Messages of a conversation, by seq
func (l *HistoryLogic) History(req *types.HistoryRequest) (resp *types.HistoryResponse, err error) {
	me, peer := token.From(l.ctx).UserID, req.FriendID
	if peer == 0 {
		var err error
		if peer, err = people.Peer(req.ConversationID, me); err != nil {
			return nil, err
		}
	}
	r, err := l.svcCtx.Chat.History(l.ctx, &chat_rpc.HistoryRequest{
		UserId: me, PeerId: peer, BeforeSeq: req.BeforeSeq, AfterSeq: req.AfterSeq, AroundSeq: req.AroundSeq, Limit: req.Limit,
	})
	if err != nil {
		return nil, err
	}
	who, err := l.svcCtx.People.Get(l.ctx, people.SenderIDs(r.List)...)
	if err != nil {
		return nil, err
	}
	return &types.HistoryResponse{
		List: people.Messages(r.List, me, who), HasMore: r.HasMore, MinSeq: r.MinSeq, MaxSeq: r.MaxSeq,
	}, nil
}
