package conversation

import (
	"context"
	"errors"

	"tudoIM/common/errs"
	"tudoIM/common/msglog"
	"tudoIM/common/wire"
)

const (
	// maxSync bounds the conversations of one call.
	maxSync = 200
	// maxSyncBytes bounds the messages of one answer, over all conversations:
	// it has to fit into the queue of a socket. What is left out comes with
	// the next call.
	maxSyncBytes = 384 << 10
	// maxActive bounds the conversations of one answer of Changes; a device
	// that was away for more starts anew.
	maxActive = 500
	// snapshot is how many conversations a device starts with.
	snapshot = 100
	// overlap is how far Changes looks behind what it was asked for: a
	// transaction may commit this much later than the time it wrote.
	overlap = 15_000
)

// Sync implements wire.MessagesServer.
func (s *Server) Sync(ctx context.Context, in *wire.SyncRequest) (*wire.SyncResponse, error) {
	if len(in.List) > maxSync {
		return nil, errs.BadArgument("conversations")
	}
	most := maxSyncBytes
	if in.Bytes > 0 {
		most = min(most, int(in.Bytes))
	}
	resp, left := &wire.SyncResponse{}, most
	for _, point := range in.List {
		item, err := s.sync(ctx, in.UserId, point, limit(in.Limit), &left)
		if errors.Is(err, errs.NoConversation) {
			continue // nothing was ever said there
		}
		if err != nil {
			return nil, err
		}
		resp.List = append(resp.List, item)
	}
	resp.Bytes = int32(most - left) // #nosec G115 -- below maxSyncBytes
	var all []*wire.Message
	for _, i := range resp.List {
		all = append(append(all, i.Messages...), i.Changed...)
	}
	return resp, s.resolve(ctx, all)
}

// sync answers one point: first what the client has not, by seq, then what it
// has and changed, by ver. The row is read first, so what commits meanwhile
// is beyond the numbers it answers with, and comes with the next call. It
// takes at most n messages, of left bytes in all.
func (s *Server) sync(ctx context.Context, user uint64, point *wire.SyncPoint, n int, left *int) (*wire.SyncItem, error) {
	v, err := s.Home.View(ctx, user, point.TargetId)
	if err != nil {
		return nil, err
	}
	seq := min(point.Seq, v.MaxSeq) // nobody has more
	item := &wire.SyncItem{Conversation: v.wire(nil), NextSeq: max(seq, v.Floor()), NextVer: point.Ver}
	if item.NextSeq < v.MaxSeq {
		more, err := s.news(ctx, user, v, item, n, left)
		if err != nil || more {
			item.HasMore = true
			return item, err
		}
	}
	var changed []*wire.Message
	if point.Ver < v.Ver && seq > 0 {
		if changed, err = s.Log.Changed(ctx, v.ID, v.Floor(), seq, point.Ver, v.Ver, user, n+1); err != nil {
			return nil, err
		}
	}
	item.Changed = changed[:fit(changed[:min(n, len(changed))], left)]
	switch item.HasMore = len(item.Changed) < len(changed); {
	case !item.HasMore:
		item.NextVer = v.Ver
	case len(item.Changed) > 0:
		item.NextVer = item.Changed[len(item.Changed)-1].Ver
	}
	return item, nil
}

// news fills the first phase into item and reports whether it has more.
func (s *Server) news(ctx context.Context, user uint64, v *View, item *wire.SyncItem, n int, left *int) (more bool, err error) {
	list, err := s.Log.First(ctx, msglog.Range{
		Conversation: v.ID, After: item.NextSeq, Before: v.MaxSeq + 1, Reader: user, Limit: n + 1,
	})
	if err != nil {
		return false, err
	}
	item.Messages = list[:fit(list[:min(n, len(list))], left)]
	if len(item.Messages) == len(list) {
		item.NextSeq = v.MaxSeq // behind the last there may be some that the user has deleted
		return false, nil
	}
	if len(item.Messages) > 0 {
		item.NextSeq = item.Messages[len(item.Messages)-1].Seq
	}
	return true, nil
}

// Changes implements wire.MessagesServer.
func (s *Server) Changes(ctx context.Context, in *wire.ChangesRequest) (*wire.ChangesResponse, error) {
	resp := &wire.ChangesResponse{Now: s.DB.Clock.Milli(ctx)} // before anything is read
	if in.Since == 0 {
		all, err := s.Home.Views(ctx, in.UserId)
		if err != nil {
			return nil, err
		}
		list, _ := page(all, nil, filter{}, snapshot)
		resp.List, err = s.shown(ctx, in.UserId, list)
		return resp, err
	}
	since := in.Since - overlap
	if since < 0 || since > resp.Now {
		return nil, errs.SnapshotNeeded
	}
	list, err := s.Home.Active(ctx, in.UserId, since, maxActive+1)
	if err != nil {
		return nil, err
	}
	gone, err := s.Log.DeletedSince(ctx, in.UserId, since)
	if err != nil {
		return nil, err
	}
	if len(list) > maxActive || len(gone) >= msglog.MaxDeleted {
		return nil, errs.SnapshotNeeded
	}
	if resp.Deleted, err = s.deleted(ctx, in.UserId, gone); err != nil {
		return nil, err
	}
	resp.List, err = s.shown(ctx, in.UserId, list)
	return resp, err
}

// deleted is gone by conversation, as far as user is still in them.
func (s *Server) deleted(ctx context.Context, user uint64, gone []msglog.Gone) ([]*wire.Deleted, error) {
	if len(gone) == 0 {
		return nil, nil
	}
	seqs := map[uint64][]uint64{}
	var ids []uint64
	for _, g := range gone {
		if seqs[g.Conversation] == nil {
			ids = append(ids, g.Conversation)
		}
		seqs[g.Conversation] = append(seqs[g.Conversation], g.Seq)
	}
	views, err := s.Home.ViewsOf(ctx, user, ids)
	if err != nil {
		return nil, err
	}
	var list []*wire.Deleted
	for _, id := range ids {
		if v := views[id]; v != nil {
			list = append(list, &wire.Deleted{Type: v.Type, TargetId: v.TargetID, Seqs: seqs[id]})
		}
	}
	return list, nil
}
