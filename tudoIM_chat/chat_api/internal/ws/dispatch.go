package ws

import (
	"context"
	"encoding/json"
	"time"

	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/tudoIM_chat/chat_api/internal/talk"
	"tudoIM/tudoIM_chat/chat_api/internal/types"
)

// ops are what clients may ask for on a socket.
var ops = map[string]func(h *Hub, ctx context.Context, s *Session, req *request){
	"ping":   (*Hub).opPing,
	"send":   (*Hub).opSend,
	"recall": op((*talk.Talk).Recall),
	"edit":   op(edit),
	"react":  op((*talk.Talk).React),
	"read":   op((*talk.Talk).Read),
	"delete": op((*talk.Talk).Delete),
	"sync":   op((*talk.Talk).Sync),
	"auth":   (*Hub).opAuth,

	"subscribe":   (*Hub).opSubscribe,
	"unsubscribe": (*Hub).opUnsubscribe,
	"background":  (*Hub).opBackground,
	"typing":      (*Hub).opTyping,
}

// opWait bounds one op.
const opWait = 5 * time.Second

// dispatch serves one request; every request gets exactly one ack.
func (h *Hub) dispatch(ctx context.Context, s *Session, req *request) {
	op, ok := ops[req.Op]
	err := h.ops.Admit(s.who.UserID, 1)
	if err == nil && !ok {
		err = errs.BadArgument("op")
	}
	if err != nil {
		s.reply(req, nil, err)
		s.floods(err, time.Now())
		return
	}
	op(h, ctx, s, req)
}

func (h *Hub) opPing(_ context.Context, s *Session, req *request) {
	s.send(ackFrame(req.ID, s.who.Lang, map[string]int64{"serverTime": time.Now().UnixMilli()}, nil))
}

// opSend hands the message over and goes on reading: a client may have
// several sends under way, and they keep their order.
func (h *Hub) opSend(ctx context.Context, s *Session, req *request) {
	select {
	case s.slots <- struct{}{}:
	case <-ctx.Done():
		s.send(ackFrame(req.ID, s.who.Lang, nil, errs.Unavailable))
		return
	}
	id := req.ID
	h.talk.Start(s.who, req.Data, func(resp *types.SendResponse, err error) {
		s.send(ackFrame(id, s.who.Lang, resp, err))
		s.floods(err, time.Now())
		<-s.slots // only now, so that what comes behind is answered behind
	})
}

// op makes what f does with an In, and answers with an Out, an op.
func op[In, Out any](f func(t *talk.Talk, ctx context.Context, me token.Identity, in *In) (*Out, error)) func(h *Hub, ctx context.Context, s *Session, req *request) {
	return func(h *Hub, ctx context.Context, s *Session, req *request) {
		var in In
		if err := fields(req, &in); err != nil {
			s.reply(req, nil, err)
			return
		}
		ctx, cancel := context.WithTimeout(ctx, opWait)
		defer cancel()
		out, err := f(h.talk, ctx, s.who, &in)
		s.reply(req, out, err)
	}
}

// editData is the data of an edit on the socket.
type editData struct {
	MsgID uint64          `json:"msgId"`
	Msg   json.RawMessage `json:"msg"`
}

func edit(t *talk.Talk, ctx context.Context, me token.Identity, in *editData) (*types.EditResponse, error) {
	return t.Edit(ctx, me, in.MsgID, in.Msg)
}
