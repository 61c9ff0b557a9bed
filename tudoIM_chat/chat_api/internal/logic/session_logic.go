package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_chat/chat_api/internal/people"
	"tudoIM/tudoIM_chat/chat_api/internal/svc"
	"tudoIM/tudoIM_chat/chat_api/internal/types"
	"tudoIM/tudoIM_chat/chat_rpc/types/chat_rpc"
)

// SessionLogic serves one request.
type SessionLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewSessionLogic(ctx context.Context, svcCtx *svc.ServiceContext) *SessionLogic {
	return &SessionLogic{ctx: ctx, svcCtx: svcCtx}
}

// My conversations
func (l *SessionLogic) Session(req *types.SessionRequest) (resp *types.SessionResponse, err error) {
	me := token.From(l.ctx).UserID
	r, err := l.svcCtx.Chat.Sessions(l.ctx, &chat_rpc.SessionsRequest{UserId: me, Cursor: req.Cursor, Limit: req.Limit})
	if err != nil {
		return nil, err
	}
	peers := make([]uint64, len(r.List))
	for n, c := range r.List {
		peers[n] = c.PeerId
	}
	who, err := l.svcCtx.People.Get(l.ctx, peers...)
	if err != nil {
		return nil, err
	}
	resp = &types.SessionResponse{
		List: make([]types.Conversation, len(r.List)), Next: r.Next, HasMore: r.Next != "", TotalUnread: r.TotalUnread,
	}
	for n, c := range r.List {
		resp.List[n] = people.Conversation(c, me, who[c.PeerId])
	}
	return resp, nil
}
