package ws

import (
	"bytes"
	"context"
	"encoding/json"
	"time"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_chat/chat_api/internal/people"
	"tudoIM/tudoIM_chat/chat_api/internal/types"
	"tudoIM/tudoIM_chat/chat_rpc/types/chat_rpc"
)

// ops are what clients may ask for on a socket.
var ops = map[string]func(h *Hub, ctx context.Context, s *Session, req *request){
	"ping": (*Hub).opPing,
	"send": (*Hub).opSend,
	"read": (*Hub).opRead,
	"sync": (*Hub).opSync,
	"auth": (*Hub).opAuth,

	"subscribe":   (*Hub).opSubscribe,
	"unsubscribe": (*Hub).opUnsubscribe,
	"background":  (*Hub).opBackground,
	"typing":      (*Hub).opTyping,
}

// dispatch serves one request; every request gets exactly one ack.
func (h *Hub) dispatch(ctx context.Context, s *Session, req *request) {
	op, ok := ops[req.Op]
	if !ok {
		s.send(ackFrame(req.ID, s.lang, nil, errs.BadArgument("op")))
		return
	}
	op(h, ctx, s, req)
}

func (h *Hub) opPing(_ context.Context, s *Session, req *request) {
	s.send(ackFrame(req.ID, s.lang, map[string]int64{"serverTime": time.Now().UnixMilli()}, nil))
}

// opSend hands the message over and goes on reading: a client may have
// several sends under way, and they keep their order.
func (h *Hub) opSend(ctx context.Context, s *Session, req *request) {
	item, err := SendItem(s.who.UserID, req.Data)
	if err != nil {
		s.send(ackFrame(req.ID, s.lang, nil, err))
		return
	}
	select {
	case s.slots <- struct{}{}:
	case <-ctx.Done():
		s.send(ackFrame(req.ID, s.lang, nil, errs.Unavailable))
		return
	}
	id := req.ID
	h.out.Send(item, func(r *chat_rpc.SendResult, err error) {
		<-s.slots
		data, err := Answer(r, err)
		s.send(ackFrame(id, s.lang, data, err))
	})
}

func (h *Hub) opRead(ctx context.Context, s *Session, req *request) {
	var in types.ReadRequest
	answer(s, req, &in, func() (any, error) { return people.Read(ctx, h.chat, s.who.UserID, &in) })
}

func (h *Hub) opSync(ctx context.Context, s *Session, req *request) {
	var in types.SyncRequest
	answer(s, req, &in, func() (any, error) { return people.Sync(ctx, h.chat, h.people, s.who.UserID, &in) })
}

// answer decodes the request's data, an object, into in, asks f and sends the
// ack.
func answer(s *Session, req *request, in any, f func() (any, error)) {
	if !bytes.HasPrefix(req.Data, []byte{'{'}) || json.Unmarshal(req.Data, in) != nil {
		s.send(ackFrame(req.ID, s.lang, nil, errs.Bad))
		return
	}
	data, err := f()
	s.send(ackFrame(req.ID, s.lang, data, err))
}

// sendData is the data of a send, on the socket and over REST alike.
type sendData struct {
	ConversationID string          `json:"conversationId"`
	RevUserID      uint64          `json:"revUserId"`
	ClientMsgID    string          `json:"clientMsgId"`
	Msg            json.RawMessage `json:"msg"`
}

// SendItem reads what me wants to send.
func SendItem(me uint64, raw []byte) (*chat_rpc.SendItem, error) {
	var d sendData
	if !bytes.HasPrefix(raw, []byte{'{'}) || json.Unmarshal(raw, &d) != nil {
		return nil, errs.Bad
	}
	if d.RevUserID == 0 {
		peer, err := people.Peer(d.ConversationID, me)
		if err != nil {
			return nil, err
		}
		d.RevUserID = peer
	}
	return &chat_rpc.SendItem{SendUserId: me, RevUserId: d.RevUserID, ClientMsgId: d.ClientMsgID, Msg: d.Msg}, nil
}

// Answer is the answer to a send.
func Answer(r *chat_rpc.SendResult, err error) (*types.SendResponse, error) {
	if err != nil {
		return nil, err
	}
	if r.Code != 0 {
		e := *errs.ByCode(int(r.Code))
		e.Data = r.Data
		return nil, &e
	}
	if r.Message == nil {
		return nil, errs.Internal // not of our making, and no reason to fall over
	}
	return people.Sent(r.Message, r.Dup), nil
}
