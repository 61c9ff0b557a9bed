package talk

import (
	"context"
	"slices"

	"github.com/zeromicro/go-zero/core/logx"

	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/common/wire"
	"tudoIM/tudoIM_chat/chat_api/internal/people"
	"tudoIM/tudoIM_chat/chat_api/internal/types"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// maxBatch is how many messages one call takes back, deletes or forwards.
const maxBatch = 100

// change makes c to one message and returns the message as it is then.
func (t *Talk) change(ctx context.Context, me token.Identity, id uint64, c *wire.Change) (*wire.Message, error) {
	results, err := t.changeAll(ctx, me, []uint64{id}, c)
	if err != nil {
		return nil, err
	}
	return results[id].Message, refused(results[id])
}

// changeAll makes the change c to each of the messages ids; the answer has a
// result for each.
func (t *Talk) changeAll(ctx context.Context, me token.Identity, ids []uint64, c *wire.Change) (map[uint64]*wire.SendResult, error) {
	found, err := t.get(ctx, me, ids)
	if err != nil {
		return nil, err
	}
	results := make(map[uint64]*wire.SendResult, len(ids))
	for _, id := range ids {
		results[id] = &wire.SendResult{Code: int32(errs.NoMessage.Code)} // #nosec G115 -- a code has five digits
	}
	byPlace := map[string][]*wire.Message{}
	for _, m := range found {
		byPlace[m.ConversationID()] = append(byPlace[m.ConversationID()], m)
	}
	for _, list := range byPlace {
		req := &wire.ChangeRequest{}
		for _, m := range list {
			req.List = append(req.List, &wire.Change{UserId: me.UserID, MsgId: m.Id, What: c.What})
		}
		r, err := t.ofMessage(list[0].Id).Change(inOrder(ctx, list[0]), req)
		if err != nil {
			return nil, err
		}
		for n, m := range list {
			results[m.Id] = r.List[n]
		}
	}
	return results, nil
}

// Recall takes a message back.
func (t *Talk) Recall(ctx context.Context, me token.Identity, in *types.RecallRequest) (*types.VerResponse, error) {
	m, err := t.change(ctx, me, in.MsgID, t.withdrawal(ctx, me))
	return &types.VerResponse{Ver: m.GetVer()}, err
}

// withdrawal is a recall that leaves the words which me has chosen for it.
func (t *Talk) withdrawal(ctx context.Context, me token.Identity) *wire.Change {
	r, err := t.users.Info(ctx, &user_rpc.UserIdRequest{UserId: me.UserID})
	if err != nil {
		// Taking back is what counts; clients have words of their own.
		logx.WithContext(ctx).Errorf("recall of %d goes without its words: %v", me.UserID, err)
	}
	return &wire.Change{What: &wire.Change_Recall{Recall: r.GetConf().GetRecallMessage()}}
}

// RecallBatch takes messages back, each for itself.
func (t *Talk) RecallBatch(ctx context.Context, me token.Identity, in *types.RecallBatchRequest) (*types.RecallBatchResponse, error) {
	if len(in.IDList) == 0 || len(in.IDList) > maxBatch {
		return nil, errs.BadArgument("idList")
	}
	results, err := t.changeAll(ctx, me, in.IDList, t.withdrawal(ctx, me))
	if err != nil {
		return nil, err
	}
	resp := &types.RecallBatchResponse{List: make([]types.RecallResult, len(in.IDList))}
	for n, id := range in.IDList {
		r := results[id]
		resp.List[n] = types.RecallResult{MsgID: id, Code: int(r.Code), Ver: r.Message.GetVer()}
	}
	return resp, nil
}

// Edit gives a text of me another body.
func (t *Talk) Edit(ctx context.Context, me token.Identity, id uint64, body []byte) (*types.EditResponse, error) {
	m, err := t.change(ctx, me, id, &wire.Change{What: &wire.Change_Edit{Edit: body}})
	return &types.EditResponse{Ver: m.GetVer(), EditedAt: m.GetEditedAt()}, err
}

// EditDocument is Edit for a body that was parsed already.
func (t *Talk) EditDocument(ctx context.Context, me token.Identity, in *types.EditRequest) (*types.EditResponse, error) {
	raw, err := document(in.Msg)
	if err != nil {
		return nil, err
	}
	return t.Edit(ctx, me, in.ID, raw)
}

// Delete deletes messages for me, or for everybody: then all of them that may
// be, and it fails if none may.
func (t *Talk) Delete(ctx context.Context, me token.Identity, in *types.DeleteRequest) (*types.DeleteResponse, error) {
	if len(in.IDList) == 0 || len(in.IDList) > maxBatch {
		return nil, errs.BadArgument("idList")
	}
	once := slices.Compact(slices.Sorted(slices.Values(in.IDList)))
	if in.Both {
		return t.deleteBoth(ctx, me, once)
	}
	resp := &types.DeleteResponse{}
	for h, ids := range t.split(once) {
		r, err := h.Delete(ctx, &wire.DeleteRequest{UserId: me.UserID, Ids: ids})
		if err != nil {
			return nil, err
		}
		resp.Deleted += r.Deleted
	}
	return resp, nil
}

func (t *Talk) deleteBoth(ctx context.Context, me token.Identity, ids []uint64) (*types.DeleteResponse, error) {
	results, err := t.changeAll(ctx, me, ids, &wire.Change{What: &wire.Change_Delete{Delete: true}})
	if err != nil {
		return nil, err
	}
	resp := &types.DeleteResponse{}
	var first error
	for _, id := range ids {
		err := refused(results[id])
		switch {
		case err == nil:
			resp.Deleted++
		case first == nil:
			first = err
		}
	}
	if resp.Deleted == 0 {
		return nil, first
	}
	return resp, nil
}

// React puts an emoji under a message, or takes it away.
func (t *Talk) React(ctx context.Context, me token.Identity, in *types.ReactionRequest) (*types.ReactionResponse, error) {
	m, err := t.change(ctx, me, in.MsgID, &wire.Change{What: &wire.Change_React{React: &wire.React{Emoji: in.Emoji, On: in.On}}})
	if err != nil {
		return nil, err
	}
	return &types.ReactionResponse{Reactions: people.Reactions(m.Reactions), Ver: m.Ver}, nil
}

// Pin pins a message to its conversation, or takes it off.
func (t *Talk) Pin(ctx context.Context, me token.Identity, id uint64, on bool) (*types.VerResponse, error) {
	m, err := t.change(ctx, me, id, &wire.Change{What: &wire.Change_Pin{Pin: on}})
	return &types.VerResponse{Ver: m.GetVer()}, err
}
