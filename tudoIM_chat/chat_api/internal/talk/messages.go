package talk

import (
	"context"

	"tudoIM/common/ctype"
	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/common/wire"
	"tudoIM/tudoIM_chat/chat_api/internal/people"
	"tudoIM/tudoIM_chat/chat_api/internal/types"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// show is list as the client of me gets it.
func (t *Talk) show(ctx context.Context, me token.Identity, list []*wire.Message) ([]types.Message, error) {
	who, err := t.people.Get(ctx, people.Named(list)...)
	if err != nil {
		return nil, err
	}
	return people.Messages(list, me, who), nil
}

// History returns a page of a conversation.
func (t *Talk) History(ctx context.Context, me token.Identity, in *types.HistoryRequest) (*types.HistoryResponse, error) {
	p := wire.Place{Type: wire.Private, Target: in.FriendID}
	if in.FriendID == 0 {
		var err error
		if p, err = wire.ParseID(in.ConversationID, me.UserID); err != nil {
			return nil, err
		}
	}
	req := &wire.HistoryRequest{
		UserId: me.UserID, TargetId: p.Target, BeforeSeq: in.BeforeSeq, AfterSeq: in.AfterSeq, AroundSeq: in.AroundSeq, Limit: in.Limit,
	}
	if in.MsgType != 0 {
		req.MsgTypes = []int32{in.MsgType}
	}
	return t.history(ctx, me, p, req)
}

func (t *Talk) history(ctx context.Context, me token.Identity, p wire.Place, req *wire.HistoryRequest) (*types.HistoryResponse, error) {
	r, err := t.of(p).History(ctx, req)
	if err != nil {
		return nil, err
	}
	list, err := t.show(ctx, me, r.List)
	return &types.HistoryResponse{List: list, HasMore: r.HasMore, MinSeq: r.MinSeq, MaxSeq: r.MaxSeq}, err
}

// kinds are the types of messages that Media returns.
var kinds = map[string][]int32{"image": {ctype.TypeImage}, "video": {ctype.TypeVideo}, "file": {ctype.TypeFile}}

// Media returns the images, videos or files of a conversation.
func (t *Talk) Media(ctx context.Context, me token.Identity, in *types.MediaRequest) (*types.HistoryResponse, error) {
	p, err := wire.ParseID(in.ConversationID, me.UserID)
	if err != nil {
		return nil, err
	}
	if kinds[in.Kind] == nil {
		return nil, errs.BadArgument("kind")
	}
	return t.history(ctx, me, p, &wire.HistoryRequest{
		UserId: me.UserID, TargetId: p.Target, BeforeSeq: in.BeforeSeq, Limit: in.Limit, MsgTypes: kinds[in.Kind],
	})
}

// Message returns one message, or errs.NoMessage.
func (t *Talk) Message(ctx context.Context, me token.Identity, id uint64) (*types.Message, error) {
	found, err := t.get(ctx, me, []uint64{id})
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, errs.NoMessage
	}
	list, err := t.show(ctx, me, found)
	if err != nil {
		return nil, err
	}
	return &list[0], nil
}

// Pins returns the pinned messages of a conversation, the last pinned first.
func (t *Talk) Pins(ctx context.Context, me token.Identity, in *types.PinsRequest) (*types.PinsResponse, error) {
	p, err := wire.ParseID(in.ConversationID, me.UserID)
	if err != nil {
		return nil, err
	}
	r, err := t.of(p).Pins(ctx, &wire.SessionRequest{UserId: me.UserID, TargetId: p.Target})
	if err != nil {
		return nil, err
	}
	list, err := t.show(ctx, me, r.List)
	return &types.PinsResponse{List: list, Count: len(list)}, err
}

// Readers tells who has read a message.
func (t *Talk) Readers(ctx context.Context, me token.Identity, id uint64) (*types.ReadersResponse, error) {
	r, err := t.ofMessage(id).Readers(ctx, &wire.MessageRequest{UserId: me.UserID, MsgId: id})
	if err != nil {
		return nil, err
	}
	who, err := t.people.Get(ctx, append(append([]uint64{}, r.Read...), r.Unread...)...)
	if err != nil {
		return nil, err
	}
	return &types.ReadersResponse{
		Read: users(r.Read, who), ReadCount: len(r.Read), Unread: users(r.Unread, who), UnreadCount: len(r.Unread),
	}, nil
}

func users(ids []uint64, who map[uint64]*user_rpc.Profile) []types.SendUser {
	list := make([]types.SendUser, len(ids))
	for n, id := range ids {
		list[n] = people.Sender(id, who)
	}
	return list
}

// Hearers returns who may hear what user does in a conversation beside sending;
// nobody, where user has no say.
func (t *Talk) Hearers(ctx context.Context, user uint64, conversationID string) ([]uint64, error) {
	p, err := wire.ParseID(conversationID, user)
	if err != nil {
		return nil, nil // not the user's
	}
	r, err := t.of(p).Hearers(ctx, &wire.SessionRequest{UserId: user, TargetId: p.Target})
	return r.GetUserIds(), err
}
