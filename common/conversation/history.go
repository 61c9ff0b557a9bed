package conversation

import (
	"context"
	"slices"

	"tudoIM/common/errs"
	"tudoIM/common/msglog"
	"tudoIM/common/wire"
)

// History implements wire.MessagesServer.
func (s *Server) History(ctx context.Context, in *wire.HistoryRequest) (*wire.HistoryResponse, error) {
	given := 0
	for _, seq := range []*uint64{in.BeforeSeq, in.AfterSeq, in.AroundSeq} {
		if seq != nil {
			given++
		}
	}
	if given > 1 {
		return nil, errs.BadArgument("beforeSeq, afterSeq, aroundSeq")
	}
	v, err := s.Home.View(ctx, in.UserId, in.TargetId)
	if err != nil {
		return nil, err
	}
	list, more, err := s.page(ctx, v, in, limit(in.Limit))
	if err != nil {
		return nil, err
	}
	resp := &wire.HistoryResponse{List: list, HasMore: more, MaxSeq: v.MaxSeq}
	if v.MaxSeq > v.Floor() {
		resp.MinSeq = v.Floor() + 1
	}
	return resp, s.resolve(ctx, list)
}

// Everything is a page of v before a seq (0 is the end), with what its users
// have cleared or deleted for themselves.
func (s *Server) Everything(ctx context.Context, v *View, before uint64, n int32) (*wire.HistoryResponse, error) {
	v.JoinSeq, v.ClearSeq = 0, 0
	list, more, err := s.page(ctx, v, &wire.HistoryRequest{BeforeSeq: &before}, limit(n))
	if err != nil {
		return nil, err
	}
	return &wire.HistoryResponse{List: list, HasMore: more, MaxSeq: v.MaxSeq}, s.resolve(ctx, list)
}

// page reads one message more than asked for to know whether more follow in
// the direction that was asked for. What is committed after the row was read
// is left out, so that no seq is above the answer's maxSeq.
func (s *Server) page(ctx context.Context, v *View, in *wire.HistoryRequest, n int) (list []*wire.Message, more bool, err error) {
	r := msglog.Range{
		Conversation: v.ID, After: v.Floor(), Before: v.MaxSeq + 1, Reader: in.UserId, Types: in.MsgTypes, Limit: n + 1,
	}
	switch {
	case in.AfterSeq != nil:
		r.After = max(r.After, min(*in.AfterSeq, v.MaxSeq))
		list, err = s.Log.First(ctx, r)
		list, more = cut(list, n)
		return list, more, err
	case in.AroundSeq != nil:
		return s.around(ctx, r, min(*in.AroundSeq, v.MaxSeq), n)
	default:
		if seq := in.GetBeforeSeq(); seq > 0 {
			r.Before = min(seq, r.Before)
		}
		list, err = s.Log.Last(ctx, r)
		slices.Reverse(list) // the newest are what must fit
		list, more = cut(list, n)
		slices.Reverse(list)
		return list, more, err
	}
}

// around reads half a page before at, and the rest from there on.
func (s *Server) around(ctx context.Context, r msglog.Range, at uint64, n int) (list []*wire.Message, more bool, err error) {
	older, newer := r, r
	older.Before, newer.After = max(at, r.After+1), max(at, r.After+1)-1
	tail, err := s.Log.First(ctx, newer)
	if err != nil {
		return nil, false, err
	}
	want := n / 2
	if len(tail) < n-want {
		want = n - len(tail) // near the end, the page begins earlier
	}
	older.Limit = want + 1
	head, err := s.Log.Last(ctx, older)
	if err != nil {
		return nil, false, err
	}
	if len(head) > want {
		head, more = head[1:], true
	}
	if room := n - len(head); len(tail) > room {
		tail, more = tail[:room], true
	}
	list, short := cut(append(head, tail...), n)
	return list, more || short, nil
}

// cut returns what of list makes a page of n, and whether that leaves any out.
func cut(list []*wire.Message, n int) (page []*wire.Message, more bool) {
	left := maxHistoryBytes
	fits := fit(list[:min(n, len(list))], &left)
	return list[:fits], fits < len(list)
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
		for _, r := range m.Reactions {
			size += len(r.Emoji) + 10*len(r.UserIds)
		}
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
