package talk

import (
	"cmp"
	"context"
	"slices"

	"github.com/zeromicro/go-zero/core/logx"

	"tudoIM/common/ctype"
	"tudoIM/common/errs"
	"tudoIM/common/event"
	"tudoIM/common/token"
	"tudoIM/common/wire"
	"tudoIM/tudoIM_chat/chat_api/internal/people"
	"tudoIM/tudoIM_chat/chat_api/internal/types"
)

// maxPage is the most conversations of one page, and what a page has unless
// it is told otherwise.
const (
	maxPage     = 100
	defaultPage = 20
)

// Sessions returns a page of the list of conversations.
func (t *Talk) Sessions(ctx context.Context, me token.Identity, in *types.SessionRequest) (*types.SessionResponse, error) {
	limit := min(int(in.Limit), maxPage)
	if limit <= 0 {
		limit = defaultPage
	}
	resp := &types.SessionResponse{}
	var list []*wire.Conversation
	for _, h := range t.halves() {
		r, err := h.Sessions(ctx, &wire.SessionsRequest{
			UserId: me.UserID, Cursor: in.Cursor, Limit: int32(limit), UnreadOnly: in.UnreadOnly, Type: in.Type, // #nosec G115 -- at most maxPage
		})
		if err != nil {
			return nil, err
		}
		resp.TotalUnread += r.TotalUnread
		resp.TotalUnreadAll += r.TotalUnreadAll
		resp.HasMore = resp.HasMore || r.HasMore
		list = append(list, r.List...)
	}
	slices.SortStableFunc(list, before)
	if len(list) > limit {
		list, resp.HasMore = list[:limit], true
	}
	if resp.HasMore && len(list) > 0 {
		resp.Next = list[len(list)-1].Cursor
	}
	var err error
	resp.List, err = t.list(ctx, me, list)
	return resp, err
}

// before is the order of lists; each half's own is in order already.
func before(a, b *wire.Conversation) int {
	if a.IsTop != b.IsTop {
		if a.IsTop {
			return -1
		}
		return 1
	}
	return cmp.Or(cmp.Compare(b.UpdatedAt, a.UpdatedAt), cmp.Compare(a.Type, b.Type))
}

// list is conversations as the client of me gets them.
func (t *Talk) list(ctx context.Context, me token.Identity, list []*wire.Conversation) ([]types.Conversation, error) {
	var ids []uint64
	for _, c := range list {
		if c.Type == wire.Private {
			ids = append(ids, c.TargetId)
		}
		if m := c.Last; m != nil {
			ids = append(ids, ctype.Named(m.MsgType, m.Msg)...)
		}
	}
	who, err := t.people.Get(ctx, ids...)
	if err != nil {
		return nil, err
	}
	out := make([]types.Conversation, len(list))
	for n, c := range list {
		out[n] = people.Conversation(c, me, who)
	}
	return out, nil
}

func (t *Talk) one(ctx context.Context, me token.Identity, c *wire.Conversation) (*types.Conversation, error) {
	list, err := t.list(ctx, me, []*wire.Conversation{c})
	if err != nil {
		return nil, err
	}
	return &list[0], nil
}

// Session returns one conversation.
func (t *Talk) Session(ctx context.Context, me token.Identity, id string) (*types.Conversation, error) {
	p, err := wire.ParseID(id, me.UserID)
	if err != nil {
		return nil, err
	}
	c, err := t.of(p).Session(ctx, &wire.SessionRequest{UserId: me.UserID, TargetId: p.Target})
	if err != nil {
		return nil, err
	}
	return t.one(ctx, me, c)
}

// Set changes what me has set on a conversation.
func (t *Talk) Set(ctx context.Context, me token.Identity, in *types.SetSessionRequest) (*types.Conversation, error) {
	p, err := wire.ParseID(in.ConversationID, me.UserID)
	if err != nil {
		return nil, err
	}
	c, err := t.of(p).Set(ctx, &wire.SetRequest{
		UserId: me.UserID, TargetId: p.Target, IsTop: in.IsTop, IsMuted: in.IsMuted, IsHidden: in.Hidden, Draft: in.Draft,
	})
	if err != nil {
		return nil, err
	}
	return t.one(ctx, me, c)
}

// Hide takes a conversation off the list until something is said there, and
// clears what was said so far if it is told to.
func (t *Talk) Hide(ctx context.Context, me token.Identity, in *types.DeleteSessionRequest) error {
	p, err := wire.ParseID(in.ConversationID, me.UserID)
	if err != nil {
		return err
	}
	yes := true
	_, err = t.of(p).Set(ctx, &wire.SetRequest{UserId: me.UserID, TargetId: p.Target, IsHidden: &yes, Clear: in.Clear})
	return err
}

// Top keeps a friend's conversation at the top of the list, or not.
func (t *Talk) Top(ctx context.Context, me token.Identity, in *types.UserTopRequest) error {
	if in.FriendID == 0 { // who would be the system
		return errs.NoConversation
	}
	_, err := t.private.Set(ctx, &wire.SetRequest{UserId: me.UserID, TargetId: in.FriendID, IsTop: &in.IsTop})
	return err
}

// TopGroup keeps a group at the top of the list, or not.
func (t *Talk) TopGroup(ctx context.Context, me token.Identity, in *types.GroupTopRequest) error {
	id := cmp.Or(in.GroupID, in.ID)
	if in.ID != 0 && in.ID != id {
		return errs.BadArgument("id")
	}
	_, err := t.Set(ctx, me, &types.SetSessionRequest{ConversationID: wire.GroupID(id), IsTop: &in.IsTop})
	return err
}

// Clear hides from me what was said in a conversation so far; it stays in the
// list.
func (t *Talk) Clear(ctx context.Context, me token.Identity, id string) error {
	p, err := wire.ParseID(id, me.UserID)
	if err != nil {
		return err
	}
	_, err = t.of(p).Set(ctx, &wire.SetRequest{UserId: me.UserID, TargetId: p.Target, Clear: true})
	return err
}

// Read says that me has read up to a message.
func (t *Talk) Read(ctx context.Context, me token.Identity, in *types.ReadRequest) (*types.ReadResponse, error) {
	p, err := wire.ParseID(in.ConversationID, me.UserID)
	if err != nil {
		return nil, err
	}
	r, err := t.of(p).Read(ctx, &wire.ReadRequest{UserId: me.UserID, TargetId: p.Target, ReadSeq: in.ReadSeq})
	if err != nil {
		return nil, err
	}
	total, err := t.total(ctx, me.UserID)
	if err != nil {
		return nil, err
	}
	resp := &types.ReadResponse{ReadSeq: r.ReadSeq, Unread: r.Unread, TotalUnread: total}
	if r.Moved {
		t.tellRead(ctx, me, in.ConversationID, resp)
	}
	return resp, nil
}

// tellRead lets the reader's other devices follow. It is told here, for only
// here the totals of both halves meet.
func (t *Talk) tellRead(ctx context.Context, me token.Identity, id string, r *types.ReadResponse) {
	e, err := event.New(event.ReadSelf, map[string]any{
		"conversationId": id, "readSeq": r.ReadSeq, "unread": r.Unread, "totalUnread": r.TotalUnread,
	}, me.UserID)
	if err == nil {
		err = t.bus.Publish(ctx, e)
	}
	if err != nil {
		logx.WithContext(ctx).Errorf("read of %d is stored, but not told: %v", me.UserID, err)
	}
}

// total is what user has not read anywhere that is not muted.
func (t *Talk) total(ctx context.Context, user uint64) (uint64, error) {
	var n uint64
	for _, h := range t.halves() {
		r, err := h.Unread(ctx, &wire.UnreadRequest{UserId: user})
		if err != nil {
			return 0, err
		}
		n += r.TotalUnread
	}
	return n, nil
}

// MarkUnread marks a conversation as not read, until it is read.
func (t *Talk) MarkUnread(ctx context.Context, me token.Identity, id string) (*types.ReadResponse, error) {
	p, err := wire.ParseID(id, me.UserID)
	if err != nil {
		return nil, err
	}
	yes := true
	c, err := t.of(p).Set(ctx, &wire.SetRequest{UserId: me.UserID, TargetId: p.Target, IsUnread: &yes})
	if err != nil {
		return nil, err
	}
	total, err := t.total(ctx, me.UserID)
	return &types.ReadResponse{ReadSeq: c.ReadSeq, Unread: c.Unread, TotalUnread: total}, err
}
