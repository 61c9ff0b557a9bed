package logic

import (
	"context"
	"errors"

	"github.com/zeromicro/go-zero/core/logx"

	"tudoIM/common/event"
	"tudoIM/tudoIM_chat/chat_rpc/internal/model"
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
	pair := model.PairOf(in.UserId, in.PeerId)
	c, moved, err := l.svcCtx.Conversations.Read(l.ctx, pair, in.UserId, in.ReadSeq)
	if err != nil {
		return nil, err
	}
	all, err := l.svcCtx.Conversations.Views(l.ctx, in.UserId)
	if err != nil {
		return nil, err
	}
	resp := &chat_rpc.ReadResponse{
		ReadSeq: c.ReadSeq(in.UserId), Unread: c.Unread(in.UserId, c.MaxSeq), TotalUnread: model.TotalUnread(all, in.UserId),
	}
	if moved {
		l.tell(pair, in.UserId, resp)
	}
	return resp, nil
}

// tell lets the peer know, and the reader's own other devices.
func (l *ReadLogic) tell(pair model.Pair, user uint64, r *chat_rpc.ReadResponse) {
	peer := pair.Low
	if user == pair.Low {
		peer = pair.High
	}
	read, err1 := event.New(event.Read, map[string]any{
		"conversationId": pair.ConversationID(), "userId": user, "readSeq": r.ReadSeq,
	}, peer)
	own, err2 := event.New(event.ReadSelf, map[string]any{
		"conversationId": pair.ConversationID(), "readSeq": r.ReadSeq, "unread": r.Unread, "totalUnread": r.TotalUnread,
	}, user)
	if err := errors.Join(err1, err2); err != nil {
		logx.WithContext(l.ctx).Errorf("read of %d: %v", user, err)
		return
	}
	if err := l.svcCtx.Bus.Publish(l.ctx, read, own); err != nil {
		logx.WithContext(l.ctx).Errorf("read of %d is stored, but not told: %v", user, err)
	}
}
