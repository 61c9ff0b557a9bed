package conversation

import (
	"context"
	"slices"

	"tudoIM/common/ctype"
	"tudoIM/common/errs"
	"tudoIM/common/msglog"
	"tudoIM/common/wire"
)

// carried are the files that a message of body and bundle carries, each once.
// They are taken from what is stored, never from what a client says beside it:
// a body whose files are its sender's (see attach), or one that its sender
// could read and sends on.
func carried(body *ctype.Body, bundle []byte) ([]string, error) {
	within, err := ctype.BundleFiles(bundle)
	if err != nil {
		return nil, err
	}
	all := append(body.Refs().Files, within...)
	slices.Sort(all)
	return slices.Compact(all), nil
}

// Holds implements wire.MessagesServer.
func (s *Server) Holds(ctx context.Context, in *wire.HoldsRequest) (*wire.HoldsResponse, error) {
	if !ctype.IsUID(in.Uid) {
		return &wire.HoldsResponse{}, nil
	}
	views, err := s.carriers(ctx, in.UserId, in.Uid)
	if err != nil {
		return nil, err
	}
	spans := make([]msglog.Span, 0, len(views))
	for _, v := range views {
		spans = append(spans, msglog.Span{Conversation: v.ID, After: v.Floor(), Upto: v.MaxSeq})
	}
	for some := range slices.Chunk(spans, msglog.MaxCarriers) {
		holds, err := s.Log.Carries(ctx, in.UserId, in.Uid, some)
		if err != nil || holds {
			return &wire.HoldsResponse{Holds: holds}, err
		}
	}
	return &wire.HoldsResponse{}, nil
}

// Carried implements wire.MessagesServer.
func (s *Server) Carried(ctx context.Context, in *wire.CarriedRequest) (*wire.CarriedResponse, error) {
	if !ctype.IsUID(in.Uid) {
		return nil, errs.BadArgument("uid")
	}
	ask := s.Log.Carried
	if in.Bar {
		ask = s.Log.Bar
	}
	carried, err := ask(ctx, in.Uid)
	return &wire.CarriedResponse{Carried: carried}, err
}

// carriers are conversations of user in which a message may carry the file
// uid: those of user among the ones that do, or all of user's where these are
// many. So what has gone round everywhere costs no more than its reader's own
// list.
func (s *Server) carriers(ctx context.Context, user uint64, uid string) (views []*View, err error) {
	ids, more, err := s.Log.Carriers(ctx, uid)
	switch {
	case err != nil || len(ids) == 0:
		return nil, err
	case more:
		return s.Home.Views(ctx, user)
	}
	mine, err := s.Home.ViewsOf(ctx, user, ids)
	for _, v := range mine {
		views = append(views, v)
	}
	return views, err
}
