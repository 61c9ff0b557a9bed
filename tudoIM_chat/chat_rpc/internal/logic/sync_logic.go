package logic

import (
	"context"
	"errors"

	"tudoIM/common/errs"
	"tudoIM/common/wire"
	"tudoIM/tudoIM_chat/chat_rpc/internal/model"
	"tudoIM/tudoIM_chat/chat_rpc/internal/svc"
	"tudoIM/tudoIM_chat/chat_rpc/types/chat_rpc"
)

// SyncLogic serves one request.
type SyncLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewSyncLogic(ctx context.Context, svcCtx *svc.ServiceContext) *SyncLogic {
	return &SyncLogic{ctx: ctx, svcCtx: svcCtx}
}

func (l *SyncLogic) Sync(in *chat_rpc.SyncRequest) (*chat_rpc.SyncResponse, error) {
	if len(in.List) > maxSync {
		return nil, errs.BadArgument("conversations")
	}
	resp, left := &chat_rpc.SyncResponse{}, maxSyncBytes
	for _, point := range in.List {
		item, err := l.sync(in.UserId, point, limit(in.Limit), &left)
		if errors.Is(err, errs.NoConversation) {
			continue // nothing was ever said there
		}
		if err != nil {
			return nil, err
		}
		resp.List = append(resp.List, item)
	}
	return resp, nil
}

const (
	// maxSync bounds the conversations of one call.
	maxSync = 200
	// maxSyncBytes bounds the messages of one answer, over all conversations:
	// it has to fit into the queue of a socket. What is left out comes with
	// the next call.
	maxSyncBytes = 384 << 10
)

// sync answers one point: first what the client has not, by seq, then what it
// has and changed, by ver. The row is read first, so what commits meanwhile
// is beyond the numbers it answers with, and comes with the next call. It
// takes at most n messages, of left bytes in all.
func (l *SyncLogic) sync(user uint64, point *chat_rpc.SyncPoint, n int, left *int) (*chat_rpc.SyncItem, error) {
	v, err := l.svcCtx.Conversations.View(l.ctx, model.PairOf(user, point.PeerId), user)
	if err != nil {
		return nil, err
	}
	seq := min(point.Seq, v.MaxSeq) // nobody has more
	item := &chat_rpc.SyncItem{
		Conversation: conversation(v, user, nil),
		NextSeq:      max(seq, v.ClearSeq), NextVer: point.Ver,
	}
	if item.NextSeq < v.MaxSeq {
		list, err := l.svcCtx.Log.After(l.ctx, v.ID, item.NextSeq, v.MaxSeq, n)
		if err != nil {
			return nil, err
		}
		item.Messages = list[:fit(list, left)]
		if len(item.Messages) > 0 {
			item.NextSeq = item.Messages[len(item.Messages)-1].Seq
		}
		if item.NextSeq < v.MaxSeq {
			item.HasMore = true
			return item, nil
		}
	}
	var changed []*wire.Message
	if point.Ver < v.Ver && seq > 0 {
		if changed, err = l.svcCtx.Log.Changed(l.ctx, v.ID, v.ClearSeq, seq, point.Ver, v.Ver, n+1); err != nil {
			return nil, err
		}
	}
	item.Changed = changed[:fit(changed[:min(n, len(changed))], left)]
	switch item.HasMore = len(item.Changed) < len(changed); {
	case !item.HasMore:
		item.NextVer = v.Ver
	case len(item.Changed) > 0:
		item.NextVer = item.Changed[len(item.Changed)-1].Ver
	}
	return item, nil
}
