package talk

import (
	"context"
	"encoding/base64"
	"fmt"
	"slices"

	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/common/wire"
	"tudoIM/tudoIM_chat/chat_api/internal/types"
)

const (
	// maxPoints bounds the conversations of one sync.
	maxPoints = 200
	// syncBytes bounds the messages of one answer: it has to fit into the queue
	// of a socket.
	syncBytes = 384 << 10
	// snapshot is how many conversations a device starts with.
	snapshot = 100
)

// Sync answers what me lacks of some conversations and, if it says where it
// is, which others changed.
func (t *Talk) Sync(ctx context.Context, me token.Identity, in *types.SyncRequest) (*types.SyncResponse, error) {
	if len(in.Conversations) > maxPoints {
		return nil, errs.BadArgument("conversations")
	}
	resp := &types.SyncResponse{Conversations: []types.SyncConversation{}}
	if in.UserVer != nil {
		// First, so that what happens meanwhile is in the next answer again
		// rather than in none.
		if err := t.changes(ctx, me, *in.UserVer, resp); err != nil {
			return nil, err
		}
	}
	items, err := t.points(ctx, me, in)
	if err != nil {
		return nil, err
	}
	for _, i := range items {
		c, err := t.synced(ctx, me, i)
		if err != nil {
			return nil, err
		}
		resp.Conversations = append(resp.Conversations, c)
	}
	return resp, nil
}

// points asks each half for the conversations that are its own.
func (t *Talk) points(ctx context.Context, me token.Identity, in *types.SyncRequest) ([]*wire.SyncItem, error) {
	asked := map[half][]*wire.SyncPoint{}
	for _, point := range in.Conversations {
		p, err := wire.ParseID(point.ID, me.UserID)
		if err != nil {
			return nil, err
		}
		asked[t.of(p)] = append(asked[t.of(p)], &wire.SyncPoint{TargetId: p.Target, Seq: point.Seq, Ver: point.Ver})
	}
	var items []*wire.SyncItem
	left := int32(syncBytes)
	for _, h := range t.halves() {
		if len(asked[h]) == 0 {
			continue
		}
		// Where nothing is left, each says only that there is more.
		r, err := h.Sync(ctx, &wire.SyncRequest{UserId: me.UserID, List: asked[h], Limit: in.Limit, Bytes: max(left, 1)})
		if err != nil {
			return nil, err
		}
		left -= r.Bytes
		items = append(items, r.List...)
	}
	return items, nil
}

func (t *Talk) synced(ctx context.Context, me token.Identity, i *wire.SyncItem) (types.SyncConversation, error) {
	v := i.Conversation
	c := types.SyncConversation{
		ID: v.ID(me.UserID), MaxSeq: v.MaxSeq, Ver: v.Ver, ReadSeq: v.ReadSeq, PeerReadSeq: v.PeerReadSeq,
		Unread: v.Unread, ClearSeq: v.ClearSeq, HasMore: i.HasMore, NextSeq: i.NextSeq, NextVer: i.NextVer,
	}
	var err error
	if c.Messages, err = t.show(ctx, me, i.Messages); err != nil {
		return c, err
	}
	c.Changed, err = t.show(ctx, me, i.Changed)
	return c, err
}

// changes fills in what changed since from, a userVer; an empty one asks for
// a snapshot.
func (t *Talk) changes(ctx context.Context, me token.Identity, from string, resp *types.SyncResponse) error {
	since, err := parseVer(from)
	if err != nil {
		return err
	}
	resp.Snapshot = from == ""
	resp.UserChanges = &types.UserChanges{Gone: []string{}, Deleted: []types.DeletedOf{}}
	var list []*wire.Conversation
	for n, h := range t.halves() {
		r, err := h.Changes(ctx, &wire.ChangesRequest{UserId: me.UserID, Since: since[n]})
		if err != nil {
			return err
		}
		since[n] = r.Now
		list = append(list, r.List...)
		for _, d := range r.Deleted {
			p := wire.Place{Type: d.Type, Target: d.TargetId}
			resp.UserChanges.Deleted = append(resp.UserChanges.Deleted, types.DeletedOf{ConversationID: p.ID(me.UserID), Seqs: d.Seqs})
		}
	}
	resp.UserVer = formatVer(since)
	list = slices.DeleteFunc(list, func(c *wire.Conversation) bool {
		if c.Gone {
			resp.UserChanges.Gone = append(resp.UserChanges.Gone, c.ID(me.UserID))
		}
		return c.Gone
	})
	slices.SortStableFunc(list, before)
	if resp.Snapshot {
		list = list[:min(snapshot, len(list))]
	}
	if resp.UserChanges.TotalUnread, err = t.total(ctx, me.UserID); err != nil {
		return err
	}
	resp.UserChanges.Conversations, err = t.list(ctx, me, list)
	return err
}

// A userVer is what each half calls now, in a form that clients leave alone.
const verForm = "1.%d.%d"

func formatVer(since [2]int64) string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, verForm, since[0], since[1]))
}

// parseVer reads a userVer. One of another form is of another version of the
// suite, and its device starts anew.
func parseVer(s string) (since [2]int64, err error) {
	if s == "" {
		return since, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil && len(raw) <= 64 {
		_, err = fmt.Sscanf(string(raw), verForm, &since[0], &since[1])
	}
	if err != nil || since[0] <= 0 || since[1] <= 0 || formatVer(since) != s {
		return since, errs.SnapshotNeeded
	}
	return since, nil
}
