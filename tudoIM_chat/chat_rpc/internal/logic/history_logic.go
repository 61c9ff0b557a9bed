package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/common/msglog"
	"tudoIM/common/wire"
	"tudoIM/tudoIM_chat/chat_rpc/internal/model"
	"tudoIM/tudoIM_chat/chat_rpc/internal/svc"
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

// History returns a page of a conversation; error 40001 when the two have none.
func (l *HistoryLogic) History(in *chat_rpc.HistoryRequest) (*chat_rpc.HistoryResponse, error) {
	given := 0
	for _, seq := range []*uint64{in.BeforeSeq, in.AfterSeq, in.AroundSeq} {
		if seq != nil {
			given++
		}
	}
	if given > 1 {
		return nil, errs.BadArgument("beforeSeq, afterSeq, aroundSeq")
	}
	pair := model.PairOf(in.UserId, in.PeerId)
	view, err := l.svcCtx.Conversations.View(l.ctx, pair, in.UserId)
	if err != nil {
		return nil, err
	}
	list, more, err := l.page(view, in, limit(in.Limit))
	if err != nil {
		return nil, err
	}
	resp := &chat_rpc.HistoryResponse{List: list, HasMore: more, MaxSeq: view.MaxSeq}
	if view.MaxSeq > view.ClearSeq {
		resp.MinSeq = view.ClearSeq + 1
	}
	return resp, nil
}

// page reads one message more than asked for to know whether more follow in
// the direction that was asked for.
func (l *HistoryLogic) page(v *model.View, in *chat_rpc.HistoryRequest, n int) (list []*wire.Message, more bool, err error) {
	switch {
	case in.AfterSeq != nil:
		list, err = l.svcCtx.Log.After(l.ctx, v.ID, max(*in.AfterSeq, v.ClearSeq), v.MaxSeq, n+1)
		if more = len(list) > n; more {
			list = list[:n]
		}
	case in.AroundSeq != nil:
		at := *in.AroundSeq
		from := max(at-min(at, uint64(n)/2+1), v.ClearSeq) // #nosec G115 -- a page size
		list, err = l.svcCtx.Log.After(l.ctx, v.ID, from, v.MaxSeq, n)
		more = len(list) > 0 && (list[0].Seq > v.ClearSeq+1 || list[len(list)-1].Seq < v.MaxSeq)
	default:
		list, err = l.svcCtx.Log.Before(l.ctx, v.ID, v.ClearSeq, in.GetBeforeSeq(), n+1)
		if more = len(list) > n; more {
			list = list[1:]
		}
	}
	return list, more, err
}

// limit returns a page size within bounds.
func limit(n int32) int {
	if n <= 0 {
		return 20
	}
	return min(int(n), msglog.MaxPage)
}
