package talk

import (
	"bytes"
	"context"
	"encoding/json"
	"time"

	"tudoIM/common/ctype"
	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/common/wire"
	"tudoIM/tudoIM_chat/chat_api/internal/types"
)

// sendData is the data of a send on the socket.
type sendData struct {
	ConversationID string          `json:"conversationId"`
	RevUserID      uint64          `json:"revUserId"`
	GroupID        uint64          `json:"groupId"`
	ClientMsgID    string          `json:"clientMsgId"`
	Msg            json.RawMessage `json:"msg"`
	AtUserIDs      []uint64        `json:"atUserIds"`
	AtAll          bool            `json:"atAll"`
}

// place is where d goes to.
func (d *sendData) place(me uint64) (wire.Place, error) {
	switch {
	case d.ConversationID != "":
		return wire.ParseID(d.ConversationID, me)
	case d.GroupID != 0:
		return wire.Place{Type: wire.Group, Target: d.GroupID}, nil
	case d.RevUserID != 0:
		return wire.Place{Type: wire.Private, Target: d.RevUserID}, nil
	}
	return wire.Place{}, errs.BadArgument("conversationId")
}

// item reads raw, the data of a send by me, which may be too many.
func (t *Talk) item(me token.Identity, raw []byte) (wire.Place, *wire.SendItem, error) {
	var d sendData
	if !bytes.HasPrefix(raw, []byte{'{'}) || json.Unmarshal(raw, &d) != nil {
		return wire.Place{}, nil, errs.Bad
	}
	p, err := d.place(me.UserID)
	if err == nil {
		err = t.rates.admit(me.UserID, 1, p)
	}
	if err != nil {
		return p, nil, err
	}
	return p, &wire.SendItem{
		UserId: me.UserID, TargetId: p.Target, ClientMsgId: d.ClientMsgID, Msg: d.Msg, AtUserIds: d.AtUserIDs, AtAll: d.AtAll,
	}, nil
}

// Start sends raw, the data of a send, and returns; done is called once when
// its end is known, on another goroutine or, if raw is no good, on this one.
// Sends that are started in order to one conversation keep their order.
func (t *Talk) Start(me token.Identity, raw []byte, done func(resp *types.SendResponse, err error)) {
	p, item, err := t.item(me, raw)
	if err != nil {
		done(nil, err)
		return
	}
	t.send(p, item, func(r *wire.SendResult, err error) { done(sent(r, err, me.Lang)) })
}

// send sends what was admitted to p, and settles it; done is called as Start's.
func (t *Talk) send(p wire.Place, item *wire.SendItem, done func(r *wire.SendResult, err error)) {
	at := time.Now()
	t.of(p).out.Send(p.Type, item, func(r *wire.SendResult, err error) {
		t.rates.settle(p, at, r, err)
		done(r, err)
	})
}

// Send is Start for who waits for the end.
func (t *Talk) Send(ctx context.Context, me token.Identity, in *types.SendRequest) (*types.SendResponse, error) {
	raw, err := json.Marshal(in)
	if err != nil {
		return nil, errs.Bad
	}
	p, item, err := t.item(me, raw)
	if err != nil {
		return nil, err
	}
	at := time.Now()
	r, err := t.of(p).out.SendWait(ctx, p.Type, item)
	t.rates.settle(p, at, r, err)
	return sent(r, err, me.Lang)
}

// sent is the answer to a send.
func sent(r *wire.SendResult, err error, lang string) (*types.SendResponse, error) {
	if err == nil {
		err = refused(r)
	}
	if err != nil {
		return nil, err
	}
	m := r.Message
	return &types.SendResponse{
		MsgID: m.Id, ConversationID: m.ConversationID(), Seq: m.Seq, Ver: m.Ver, CreatedAt: m.CreatedAt, Dup: r.Dup,
		MsgPreview: ctype.Preview(m.MsgType, m.Status, m.MsgPreview, lang),
	}, nil
}
