package talk

import (
	"context"
	"encoding/json"
	"fmt"

	"tudoIM/common/ctype"
	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/common/wire"
	"tudoIM/tudoIM_chat/chat_api/internal/people"
	"tudoIM/tudoIM_chat/chat_api/internal/types"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// maxTargets is how many conversations one call forwards to.
const maxTargets = 20

// Modes of forwarding.
const (
	forwardEach   = "each"
	forwardMerged = "merged"
)

// Forward sends messages on, each by itself or merged into one. There is a
// clientMsgId for each message that arises: for each target in turn, for each
// message in turn.
func (t *Talk) Forward(ctx context.Context, me token.Identity, in *types.ForwardRequest) (*types.ForwardResponse, error) {
	if len(in.IDList) == 0 || len(in.IDList) > maxBatch {
		return nil, errs.BadArgument("idList")
	}
	if len(in.Targets) == 0 || len(in.Targets) > maxTargets {
		return nil, errs.BadArgument("targets")
	}
	places := make([]wire.Place, len(in.Targets))
	for n, id := range in.Targets {
		var err error
		if places[n], err = wire.ParseID(id, me.UserID); err != nil {
			return nil, err
		}
	}
	drafts, err := t.drafts(ctx, me, in)
	if err != nil {
		return nil, err
	}
	if len(in.ClientMsgIDs) != len(places)*len(drafts) {
		return nil, errs.BadArgument("clientMsgIds")
	}
	if err := t.rates.admit(me.UserID, len(drafts), places...); err != nil {
		return nil, err
	}
	resp := &types.ForwardResponse{MsgIDs: []uint64{}, List: []types.ForwardResult{}}
	for n, p := range places {
		ids := in.ClientMsgIDs[n*len(drafts) : (n+1)*len(drafts)]
		list, err := t.forwardTo(ctx, me, p, drafts, ids)
		if err != nil {
			return nil, err
		}
		for _, r := range list {
			resp.MsgIDs = append(resp.MsgIDs, r.MsgID)
		}
		resp.List = append(resp.List, list...)
	}
	return resp, nil
}

// draft is a message that is to be sent on.
type draft struct {
	body   []byte
	bundle []byte
}

// forwardTo sends drafts to p, in order.
func (t *Talk) forwardTo(ctx context.Context, me token.Identity, p wire.Place, drafts []draft, ids []string) ([]types.ForwardResult, error) {
	type end struct {
		r   *wire.SendResult
		err error
	}
	ends := make([]chan end, len(drafts))
	for n, d := range drafts {
		ends[n] = make(chan end, 1)
		item := &wire.SendItem{UserId: me.UserID, TargetId: p.Target, ClientMsgId: ids[n], Msg: d.body, Bundle: d.bundle, Made: true}
		t.send(p, item, func(r *wire.SendResult, err error) { ends[n] <- end{r, err} })
	}
	list := make([]types.ForwardResult, len(drafts))
	for n := range drafts {
		select {
		case e := <-ends[n]:
			if e.err != nil {
				return nil, e.err
			}
			list[n] = types.ForwardResult{ConversationID: p.ID(me.UserID), ClientMsgID: ids[n], Code: int(e.r.Code), Dup: e.r.Dup}
			if m := e.r.Message; m != nil {
				list[n].MsgID, list[n].Seq = m.Id, m.Seq
			}
		case <-ctx.Done():
			return nil, errs.Unavailable
		}
	}
	return list, nil
}

// drafts makes the messages that in sends on. One that me may not read, or
// that is none to be sent on, refuses them all.
func (t *Talk) drafts(ctx context.Context, me token.Identity, in *types.ForwardRequest) ([]draft, error) {
	list, err := t.get(ctx, me, in.IDList)
	if err != nil {
		return nil, err
	}
	if len(list) != len(in.IDList) {
		return nil, errs.NotForwardable
	}
	bodies := make([]*ctype.Body, len(list))
	bundles := make([][]byte, len(list))
	for n, m := range list {
		if m.Status != 0 || !ctype.Forwardable(m.MsgType) {
			return nil, errs.NotForwardable
		}
		if bodies[n], err = ctype.Decode(m.Msg); err != nil {
			return nil, fmt.Errorf("message %d: %w", m.Id, err)
		}
		if m.MsgType == ctype.TypeMerged {
			r, err := t.ofMessage(m.Id).Bundle(ctx, &wire.MessageRequest{UserId: me.UserID, MsgId: m.Id})
			if err != nil {
				return nil, err
			}
			bundles[n] = r.Bundle
		}
	}
	switch in.Mode {
	case forwardEach:
		return each(bodies, bundles)
	case forwardMerged:
		d, err := t.merged(ctx, me, list, bodies, bundles)
		return []draft{d}, err
	}
	return nil, errs.BadArgument("mode")
}

func each(bodies []*ctype.Body, bundles [][]byte) ([]draft, error) {
	drafts := make([]draft, len(bodies))
	for n, b := range bodies {
		doc, err := b.Forwarded().Encode()
		if err != nil {
			return nil, err
		}
		drafts[n] = draft{doc, bundles[n]}
	}
	return drafts, nil
}

// merged makes one message of list.
func (t *Talk) merged(ctx context.Context, me token.Identity, list []*wire.Message, bodies []*ctype.Body, bundles [][]byte) (draft, error) {
	who, err := t.people.Get(ctx, people.Named(list)...)
	if err != nil {
		return draft{}, err
	}
	carried := make([]ctype.Bundled, len(list))
	lines := make([]string, len(list))
	for n, m := range list {
		body := bodies[n].Forwarded()
		doc, err := body.Encode()
		if err != nil {
			return draft{}, err
		}
		carried[n] = ctype.Bundled{
			UserID: m.SendUserId, Nickname: who[m.SendUserId].GetNickname(),
			MsgType: body.Type, Msg: doc, Detail: body.Detail(), CreatedAt: m.CreatedAt,
		}
		if len(bundles[n]) > 0 {
			if err := json.Unmarshal(bundles[n], &carried[n].Bundle); err != nil {
				return draft{}, fmt.Errorf("bundle of message %d: %w", m.Id, err)
			}
		}
		lines[n] = carried[n].Nickname + ": " + ctype.Preview(body.Type, 0, body.Detail(), me.Lang)
	}
	doc, err := ctype.Merged(title(list, who, me.Lang), lines, len(list)).Encode()
	if err != nil {
		return draft{}, err
	}
	bundle, err := json.Marshal(carried)
	return draft{doc, bundle}, err
}

// title is what a merged forward of list is called.
func title(list []*wire.Message, who map[uint64]*user_rpc.Profile, lang string) string {
	var names []string
	seen := map[uint64]bool{}
	for _, m := range list {
		if m.Type == wire.Group {
			if lang == "zh" {
				return "群聊的聊天记录"
			}
			return "Group chat history"
		}
		if !seen[m.SendUserId] {
			seen[m.SendUserId], names = true, append(names, who[m.SendUserId].GetNickname())
		}
	}
	between, form := " and ", "Chat history of %s"
	if lang == "zh" {
		between, form = "和", "%s的聊天记录"
	}
	if len(names) == 1 {
		return fmt.Sprintf(form, names[0])
	}
	return fmt.Sprintf(form, names[0]+between+names[1])
}

// Bundle returns the messages of a merged forward.
func (t *Talk) Bundle(ctx context.Context, me token.Identity, id uint64) (*types.BundleResponse, error) {
	r, err := t.ofMessage(id).Bundle(ctx, &wire.MessageRequest{UserId: me.UserID, MsgId: id})
	if err != nil {
		return nil, err
	}
	var list []ctype.Bundled
	if err := json.Unmarshal(r.Bundle, &list); err != nil {
		return nil, fmt.Errorf("bundle of message %d: %w", id, err)
	}
	return &types.BundleResponse{List: unbundle(list, me.Lang)}, nil
}

func unbundle(list []ctype.Bundled, lang string) []types.Bundled {
	out := make([]types.Bundled, len(list))
	for n, b := range list {
		out[n] = types.Bundled{
			SendUser: types.SendUser{UserID: b.UserID, Nickname: b.Nickname}, MsgType: b.MsgType, Msg: b.Msg,
			MsgPreview: ctype.Preview(b.MsgType, 0, b.Detail, lang), CreatedAt: b.CreatedAt,
		}
		if len(b.Bundle) > 0 {
			out[n].Bundle = unbundle(b.Bundle, lang)
		}
	}
	return out
}
