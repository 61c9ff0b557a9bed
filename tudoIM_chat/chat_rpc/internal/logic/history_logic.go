package logic

import (
	"context"
	"slices"

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
// the direction that was asked for. What is committed after the row was read
// is left out, so that no seq is above the answer's maxSeq.
func (l *HistoryLogic) page(v *model.View, in *chat_rpc.HistoryRequest, n int) (list []*wire.Message, more bool, err error) {
	switch {
	case in.AfterSeq != nil:
		list, err = l.svcCtx.Log.After(l.ctx, v.ID, max(min(*in.AfterSeq, v.MaxSeq), v.ClearSeq), v.MaxSeq, n+1)
		if more = len(list) > n; more {
			list = list[:n]
		}
	case in.AroundSeq != nil:
		at := min(*in.AroundSeq, v.MaxSeq)
		from := max(at-min(at, uint64(n)/2+1), v.ClearSeq) // #nosec G115 -- a page size
		list, err = l.svcCtx.Log.After(l.ctx, v.ID, from, v.MaxSeq, n)
		more = len(list) > 0 && (list[0].Seq > v.ClearSeq+1 || list[len(list)-1].Seq < v.MaxSeq)
	default:
		before := v.MaxSeq + 1
		if seq := in.GetBeforeSeq(); seq > 0 {
			before = min(seq, before)
		}
		list, err = l.svcCtx.Log.Before(l.ctx, v.ID, v.ClearSeq, before, n+1)
		if more = len(list) > n; more {
			list = list[1:]
		}
		slices.Reverse(list) // the newest are what must fit
		list, more = cut(list, more)
		slices.Reverse(list)
		return list, more, err
	}
	list, more = cut(list, more)
	return list, more, err
}

func cut(list []*wire.Message, more bool) ([]*wire.Message, bool) {
	left := maxHistoryBytes
	n := fit(list, &left)
	return list[:n], more || n < len(list)
}

// maxHistoryBytes bounds the messages of one answer, within the 4 MiB of a
// gRPC message; a page of the longest ones is cut.
const maxHistoryBytes = 3 << 20

// fit returns how many messages at the head of list fit into left bytes, and
// takes them off; behind the first that does not fit nothing does any more.
func fit(list []*wire.Message, left *int) int {
	const shape = 512 // what an answer holds of a message beside its body
	for n, m := range list {
		size := len(m.Msg) + len(m.MsgPreview) + shape
		if size > *left {
			*left = 0
			return n
		}
		*left -= size
	}
	return len(list)
}

// limit returns a page size within bounds.
func limit(n int32) int {
	if n <= 0 {
		return 20
	}
	return min(int(n), msglog.MaxPage)
}
