package logic

import (
	"context"
	"errors"

	"tudoIM/common/errs"
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
	resp := &chat_rpc.SyncResponse{}
	for _, point := range in.List {
		item, err := l.sync(in.UserId, point, limit(in.Limit))
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

// maxSync bounds the conversations of one call.
const maxSync = 200

// sync answers one point: first what the client has not, by seq, then what it
// has and changed, by ver. The row is read first, so what commits meanwhile
// is beyond the numbers it answers with, and comes with the next call.
func (l *SyncLogic) sync(user uint64, point *chat_rpc.SyncPoint, n int) (*chat_rpc.SyncItem, error) {
	v, err := l.svcCtx.Conversations.View(l.ctx, model.PairOf(user, point.PeerId), user)
	if err != nil {
		return nil, err
	}
	item := &chat_rpc.SyncItem{
		Conversation: conversation(v, user, nil),
		NextSeq:      max(point.Seq, v.ClearSeq), NextVer: point.Ver,
	}
	if item.NextSeq < v.MaxSeq {
		if item.Messages, err = l.svcCtx.Log.After(l.ctx, v.ID, item.NextSeq, v.MaxSeq, n); err != nil {
			return nil, err
		}
		if len(item.Messages) > 0 {
			item.NextSeq = item.Messages[len(item.Messages)-1].Seq
		}
		if item.NextSeq < v.MaxSeq {
			item.HasMore = true
			return item, nil
		}
	}
	if point.Ver < v.Ver && point.Seq > 0 {
		if item.Changed, err = l.svcCtx.Log.Changed(l.ctx, v.ID, v.ClearSeq, point.Seq, point.Ver, v.Ver, n+1); err != nil {
			return nil, err
		}
	}
	item.NextVer = v.Ver
	if item.HasMore = len(item.Changed) > n; item.HasMore {
		item.Changed = item.Changed[:n]
		item.NextVer = item.Changed[n-1].Ver
	}
	return item, nil
}
