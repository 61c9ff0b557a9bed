package conversation

import (
	"context"
	"unicode/utf8"

	"tudoIM/common/errs"
	"tudoIM/common/event"
	"tudoIM/common/msglog"
	"tudoIM/common/wire"
)

// MaxDraft is the longest draft in code points.
const MaxDraft = 4000

// Set implements wire.MessagesServer.
func (s *Server) Set(ctx context.Context, in *wire.SetRequest) (*wire.Conversation, error) {
	if d := in.GetDraft(); utf8.RuneCountInString(d) > MaxDraft || !utf8.ValidString(d) {
		return nil, errs.BadArgument("draft")
	}
	v, err := s.Home.View(ctx, in.UserId, in.TargetId)
	if err != nil {
		return nil, err
	}
	change := Setting{
		Top: in.IsTop, Muted: in.IsMuted, Draft: in.Draft, At: s.DB.Clock.Milli(ctx),
	}
	if in.IsHidden != nil {
		change.HiddenSeq = new(uint64)
		if *in.IsHidden {
			*change.HiddenSeq = v.MaxSeq + 1
		}
	}
	if in.IsUnread != nil {
		change.MarkSeq = new(uint64)
		if *in.IsUnread {
			*change.MarkSeq = v.MaxSeq + 1
		}
	}
	if in.Clear {
		change.ClearSeq = &v.MaxSeq
	}
	if err := s.Home.Set(ctx, in.UserId, v, change); err != nil {
		return nil, err
	}
	if v, err = s.Home.View(ctx, in.UserId, in.TargetId); err != nil {
		return nil, err
	}
	s.tellSet(ctx, in, v)
	return s.one(ctx, in.UserId, v)
}

// tellSet lets the user's other devices follow.
func (s *Server) tellSet(ctx context.Context, in *wire.SetRequest, v *View) {
	data := map[string]any{"conversationId": v.name(in.UserId)}
	if in.Clear || in.GetIsHidden() {
		// It is hidden from maxSeq on: a message that is heard of only now may
		// have been there before.
		data["clearSeq"], data["isHidden"], data["maxSeq"] = v.Floor(), v.Hidden(), v.MaxSeq
		s.tell(ctx, event.SessionDeleted, data, in.UserId)
	}
	changed := map[string]any{"conversationId": data["conversationId"]}
	if in.IsTop != nil {
		changed["isTop"] = v.IsTop
	}
	if in.IsMuted != nil {
		changed["isMuted"] = v.IsMuted
	}
	if in.Draft != nil {
		changed["draft"] = v.Draft
	}
	if in.IsHidden != nil && !*in.IsHidden {
		changed["isHidden"] = false
	}
	if in.IsUnread != nil {
		changed["unread"] = v.Unread()
	}
	if len(changed) > 1 {
		s.tell(ctx, event.SessionUpdated, changed, in.UserId)
	}
}

// Read implements wire.MessagesServer.
func (s *Server) Read(ctx context.Context, in *wire.ReadRequest) (*wire.ReadResponse, error) {
	v, err := s.Home.View(ctx, in.UserId, in.TargetId)
	if err != nil {
		return nil, err
	}
	if in.ReadSeq > v.MaxSeq {
		return nil, errs.ReadBeyond
	}
	before := v.ReadSeq
	moved, err := s.Home.Read(ctx, in.UserId, v, in.ReadSeq, s.DB.Clock.Milli(ctx))
	if err != nil {
		return nil, err
	}
	if moved {
		if v, err = s.Home.View(ctx, in.UserId, in.TargetId); err != nil {
			return nil, err
		}
	}
	if peers := s.Home.Peers(in.UserId, v); v.ReadSeq > before && len(peers) > 0 {
		s.tell(ctx, event.Read, map[string]any{
			"conversationId": v.name(in.UserId), "userId": in.UserId, "readSeq": v.ReadSeq,
		}, peers...)
	}
	return &wire.ReadResponse{ReadSeq: v.ReadSeq, Unread: v.Unread(), Moved: moved}, nil
}

// Delete implements wire.MessagesServer.
func (s *Server) Delete(ctx context.Context, in *wire.DeleteRequest) (*wire.DeleteResponse, error) {
	list, err := s.readable(ctx, in.UserId, in.Ids)
	if err != nil {
		return nil, err
	}
	found := make([]msglog.Found, len(list))
	views := map[uint64]*View{}
	for n, m := range list {
		found[n], views[m.Conversation] = m.Found, m.view
	}
	fresh, err := s.Log.Delete(ctx, in.UserId, found, s.DB.Clock.Milli(ctx))
	if err != nil {
		return nil, err
	}
	s.tellDeleted(ctx, in.UserId, fresh, views)
	return &wire.DeleteResponse{Deleted: int32(len(fresh))}, nil // #nosec G115 -- at most a page
}

// tellDeleted lets the user's other devices follow.
func (s *Server) tellDeleted(ctx context.Context, user uint64, found []msglog.Found, views map[uint64]*View) {
	ids, seqs := map[uint64][]uint64{}, map[uint64][]uint64{}
	for _, f := range found {
		ids[f.Conversation] = append(ids[f.Conversation], f.Message.Id)
		seqs[f.Conversation] = append(seqs[f.Conversation], f.Message.Seq)
	}
	for conversation, list := range ids {
		s.tell(ctx, event.Deleted, map[string]any{
			"conversationId": views[conversation].name(user), "idList": list, "seqs": seqs[conversation], "onlyMe": true,
		}, user)
	}
}
