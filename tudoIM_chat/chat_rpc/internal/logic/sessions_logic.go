package logic

import (
	"context"

	"tudoIM/tudoIM_chat/chat_rpc/internal/model"
	"tudoIM/tudoIM_chat/chat_rpc/internal/svc"
	"tudoIM/tudoIM_chat/chat_rpc/types/chat_rpc"
)

// SessionsLogic serves one request.
type SessionsLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewSessionsLogic(ctx context.Context, svcCtx *svc.ServiceContext) *SessionsLogic {
	return &SessionsLogic{ctx: ctx, svcCtx: svcCtx}
}

func (l *SessionsLogic) Sessions(in *chat_rpc.SessionsRequest) (*chat_rpc.SessionsResponse, error) {
	from, err := model.ParseCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	all, err := l.svcCtx.Conversations.Views(l.ctx, in.UserId)
	if err != nil {
		return nil, err
	}
	page, more := model.Page(all, from, min(limit(in.Limit), 100))
	seqs := make(map[uint64]uint64, len(page))
	for _, v := range page {
		seqs[v.ID] = v.MaxSeq
	}
	last, err := l.svcCtx.Log.At(l.ctx, seqs)
	if err != nil {
		return nil, err
	}
	resp := &chat_rpc.SessionsResponse{TotalUnread: model.TotalUnread(all, in.UserId)}
	for _, v := range page {
		resp.List = append(resp.List, conversation(v, in.UserId, last[v.ID]))
	}
	if more {
		resp.Next = page[len(page)-1].Cursor()
	}
	return resp, nil
}
