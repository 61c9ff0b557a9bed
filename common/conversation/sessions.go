package conversation

import (
	"context"

	"tudoIM/common/msglog"
	"tudoIM/common/wire"
)

// maxSessions is the most conversations of one page of the list.
const maxSessions = 100

// Sessions implements wire.MessagesServer.
func (s *Server) Sessions(ctx context.Context, in *wire.SessionsRequest) (*wire.SessionsResponse, error) {
	from, err := ParseCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	all, err := s.Home.Views(ctx, in.UserId)
	if err != nil {
		return nil, err
	}
	list, more := page(all, from, filter{in.Type, in.UnreadOnly}, min(limit(in.Limit), maxSessions))
	resp := &wire.SessionsResponse{HasMore: more}
	resp.TotalUnread, resp.TotalUnreadAll = totals(all)
	resp.List, err = s.shown(ctx, in.UserId, list)
	return resp, err
}

// Session implements wire.MessagesServer.
func (s *Server) Session(ctx context.Context, in *wire.SessionRequest) (*wire.Conversation, error) {
	v, err := s.Home.View(ctx, in.UserId, in.TargetId)
	if err != nil {
		return nil, err
	}
	return s.one(ctx, in.UserId, v)
}

func (s *Server) one(ctx context.Context, user uint64, v *View) (*wire.Conversation, error) {
	list, err := s.shown(ctx, user, []*View{v})
	if err != nil {
		return nil, err
	}
	return list[0], nil
}

// Unread implements wire.MessagesServer.
func (s *Server) Unread(ctx context.Context, in *wire.UnreadRequest) (*wire.UnreadResponse, error) {
	all, err := s.Home.Views(ctx, in.UserId)
	if err != nil {
		return nil, err
	}
	resp := &wire.UnreadResponse{}
	resp.TotalUnread, resp.TotalUnreadAll = totals(all)
	return resp, nil
}

// shown is list with the last message of each that its user still sees.
func (s *Server) shown(ctx context.Context, user uint64, list []*View) ([]*wire.Conversation, error) {
	seqs := make(map[uint64]uint64, len(list))
	for _, v := range list {
		if v.MaxSeq > v.Floor() && !v.Gone {
			seqs[v.ID] = v.MaxSeq
		}
	}
	last, err := s.Log.At(ctx, seqs)
	if err != nil {
		return nil, err
	}
	found := make([]msglog.Found, 0, len(last))
	for id, m := range last {
		found = append(found, msglog.Found{Conversation: id, Message: m})
	}
	gone, err := s.Log.DeletedOf(ctx, user, found)
	if err != nil {
		return nil, err
	}
	out := make([]*wire.Conversation, len(list))
	var all []*wire.Message
	for n, v := range list {
		m := last[v.ID]
		if m != nil && (gone[m.Id] || m.Status == msglog.StatusDeleted) {
			if m, err = s.Log.LastShown(ctx, v.ID, v.Floor(), m.Seq, user); err != nil {
				return nil, err
			}
		}
		if m != nil {
			all = append(all, m)
		}
		out[n] = v.wire(m)
	}
	return out, s.resolve(ctx, all)
}
