package conversation

import (
	"context"
	"errors"
	"slices"

	"github.com/zeromicro/go-zero/core/logx"

	"tudoIM/common/errs"
	"tudoIM/common/event"
	"tudoIM/common/msglog"
	"tudoIM/common/wire"
	"tudoIM/core/db"
)

// Parts are what a Server is made of.
type Parts struct {
	Home Home
	DB   *db.DB
	// Tables are those of its log.
	Tables msglog.Tables
	Bus    *event.Bus
	// Limits are asked for each time, for they may change.
	Limits func(ctx context.Context) Limits
	Refs   References
}

// Server serves wire.Messages over one log and its home.
type Server struct {
	wire.UnimplementedMessagesServer
	Parts
	// Log stores while its Run does.
	Log *msglog.Log
}

// New returns a server of p.
func New(p Parts) (*Server, error) {
	log, err := msglog.New(p.DB, p.Tables, p.Home)
	if err != nil {
		return nil, err
	}
	s := &Server{Parts: p, Log: log}
	log.Resolve = s.resolve
	return s, nil
}

// Get implements wire.MessagesServer.
func (s *Server) Get(ctx context.Context, in *wire.GetRequest) (*wire.GetResponse, error) {
	found, err := s.readable(ctx, in.UserId, in.Ids)
	if err != nil {
		return nil, err
	}
	resp := &wire.GetResponse{}
	for _, f := range found {
		resp.List = append(resp.List, f.Message)
	}
	return resp, s.resolve(ctx, resp.List)
}

// seen is a message with the conversation it is in, as its reader sees it.
type seen struct {
	msglog.Found
	view *View
}

// readable returns those of the messages ids that user may read.
func (s *Server) readable(ctx context.Context, user uint64, ids []uint64) ([]seen, error) {
	if len(ids) > msglog.MaxPage {
		return nil, errs.BadArgument("idList")
	}
	found, err := s.Log.ByIDs(ctx, ids)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	var conversations []uint64
	for _, f := range found {
		conversations = append(conversations, f.Conversation)
	}
	views, err := s.Home.ViewsOf(ctx, user, slices.Compact(conversations))
	if err != nil {
		return nil, err
	}
	gone, err := s.Log.DeletedOf(ctx, user, found)
	if err != nil {
		return nil, err
	}
	var list []seen
	for _, f := range found {
		if v := views[f.Conversation]; v != nil && v.Reads(f.Message.Seq) && !gone[f.Message.Id] {
			list = append(list, seen{f, v})
		}
	}
	return list, nil
}

// message returns the message id, or errs.NoMessage if user may not read it.
func (s *Server) message(ctx context.Context, user, id uint64) (*seen, error) {
	found, err := s.readable(ctx, user, []uint64{id})
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, errs.NoMessage
	}
	return &found[0], nil
}

// Pins implements wire.MessagesServer.
func (s *Server) Pins(ctx context.Context, in *wire.SessionRequest) (*wire.GetResponse, error) {
	v, err := s.Home.View(ctx, in.UserId, in.TargetId)
	if err != nil {
		return nil, err
	}
	ids, err := s.Log.Pinned(ctx, v.ID)
	if err != nil {
		return nil, err
	}
	resp, err := s.Get(ctx, &wire.GetRequest{UserId: in.UserId, Ids: ids})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(resp.List, func(a, b *wire.Message) int { return slices.Index(ids, a.Id) - slices.Index(ids, b.Id) })
	return resp, nil
}

// Bundle implements wire.MessagesServer.
func (s *Server) Bundle(ctx context.Context, in *wire.MessageRequest) (*wire.BundleResponse, error) {
	m, err := s.message(ctx, in.UserId, in.MsgId)
	if err != nil {
		return nil, err
	}
	doc, err := s.Log.Bundle(ctx, m.Message.Id)
	if err != nil {
		return nil, err
	}
	if doc == nil {
		return nil, errs.NoMessage
	}
	return &wire.BundleResponse{Bundle: doc}, nil
}

// Hearers implements wire.MessagesServer.
func (s *Server) Hearers(ctx context.Context, in *wire.SessionRequest) (*wire.HearersResponse, error) {
	v, err := s.Home.View(ctx, in.UserId, in.TargetId)
	if errors.Is(err, errs.NoConversation) {
		return &wire.HearersResponse{}, nil
	}
	if err != nil {
		return nil, err
	}
	users, err := s.Home.Hearers(ctx, in.UserId, v)
	return &wire.HearersResponse{UserIds: users}, err
}

// Readers implements wire.MessagesServer.
func (s *Server) Readers(ctx context.Context, in *wire.MessageRequest) (*wire.ReadersResponse, error) {
	m, err := s.message(ctx, in.UserId, in.MsgId)
	if err != nil {
		return nil, err
	}
	resp := &wire.ReadersResponse{}
	resp.Read, resp.Unread, err = s.Home.Readers(ctx, m.view, m.Message)
	return resp, err
}

// tell rings at the devices of users. What it tells of is committed, so a bus
// that is away only makes them learn later.
func (s *Server) tell(ctx context.Context, name string, data any, users ...uint64) {
	e, err := event.New(name, data, users...)
	if err == nil {
		err = s.Bus.Publish(ctx, e)
	}
	if err != nil {
		logx.WithContext(ctx).Errorf("%s is stored, but not told: %v", name, err)
	}
}
