package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/common/msglog"
	"tudoIM/tudoIM_chat/chat_rpc/internal/model"
	"tudoIM/tudoIM_chat/chat_rpc/internal/svc"
	"tudoIM/tudoIM_chat/chat_rpc/types/chat_rpc"
)

// SendLogic serves one request.
type SendLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewSendLogic(ctx context.Context, svcCtx *svc.ServiceContext) *SendLogic {
	return &SendLogic{ctx: ctx, svcCtx: svcCtx}
}

// Send appends messages and answers when they are committed.
func (l *SendLogic) Send(in *chat_rpc.SendRequest) (*chat_rpc.SendResponse, error) {
	results := make([]*chat_rpc.SendResult, len(in.List))
	items := make([]*msglog.Item, len(in.List))
	for n, i := range in.List {
		item, err := model.NewItem(i.SendUserId, i.RevUserId, i.ClientMsgId, i.Msg)
		if err != nil {
			results[n] = refusal(err)
			continue
		}
		items[n] = item
	}
	if err := l.append(items, results); err != nil {
		e := errs.From(errs.FromGRPC(err))
		if e == errs.Internal {
			return nil, err
		}
		for n := range results {
			if results[n] == nil {
				results[n] = refusal(e)
			}
		}
	}
	return &chat_rpc.SendResponse{List: results}, nil
}

// append stores the items that are there and fills their results. After an
// error it is not known which of those without a result are stored.
func (l *SendLogic) append(items []*msglog.Item, results []*chat_rpc.SendResult) error {
	pairs := make([]model.Pair, 0, len(items))
	for _, i := range items {
		if i != nil {
			pairs = append(pairs, model.PairOf(i.Sender, i.Target))
		}
	}
	ids, err := l.svcCtx.Conversations.IDs(l.ctx, pairs)
	if err != nil {
		return err
	}
	var ready []*msglog.Item
	for n, i := range items {
		if i == nil {
			continue
		}
		if i.Conversation = ids[model.PairOf(i.Sender, i.Target)]; i.Conversation == 0 {
			results[n] = refusal(errs.SendNotFriends)
			continue
		}
		ready = append(ready, i)
	}
	if err := l.svcCtx.Log.Append(l.ctx, ready); err != nil {
		return err
	}
	for n, i := range items {
		if results[n] == nil {
			results[n] = result(i)
		}
	}
	return nil
}

func result(i *msglog.Item) *chat_rpc.SendResult {
	if i.Err != nil {
		return refusal(i.Err)
	}
	return &chat_rpc.SendResult{Message: i.Message, Dup: i.Dup}
}

// refusal is the answer to one item; an internal error was logged where it
// happened.
func refusal(err error) *chat_rpc.SendResult {
	e := errs.From(err)
	return &chat_rpc.SendResult{Code: int32(e.Code), Data: e.Data} // #nosec G115 -- codes have five digits
}
