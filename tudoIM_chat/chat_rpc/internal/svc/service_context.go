package svc

import (
	"context"
	"slices"
	"time"

	"tudoIM/common/conversation"
	"tudoIM/common/event"
	"tudoIM/common/msglog"
	"tudoIM/core/db"
	"tudoIM/core/run"
	"tudoIM/tudoIM_chat/chat_rpc/internal/config"
	"tudoIM/tudoIM_chat/chat_rpc/internal/model"
	"tudoIM/tudoIM_chat/chat_rpc/refs"
	"tudoIM/tudoIM_group/group_rpc/groups"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// ServiceContext lists what the logics share; it is built once, by app.New.
type ServiceContext struct {
	Config        config.Config
	DB            *db.DB
	Conversations *model.Conversations
	Messages      *conversation.Server
	Senders       msglog.Senders
	Bus           *event.Bus
}

// NewServiceContext opens what the half needs without waiting for any of it.
func NewServiceContext(c config.Config) (*ServiceContext, error) {
	d, err := db.Open(c.DSN, c.MaxOpenConns)
	if err != nil {
		return nil, err
	}
	bus, err := run.Bus(c.Half)
	if err != nil {
		return nil, err
	}
	conversations, err := model.NewConversations(d)
	if err != nil {
		return nil, err
	}
	inGroups, err := run.Client(c.Half, "group_rpc")
	if err != nil {
		return nil, err
	}
	others, err := refs.Open(c.Half)
	if err != nil {
		return nil, err
	}
	messages, err := conversation.New(conversation.Parts{
		Home: model.Private{Conversations: conversations, DB: d, Bus: bus, Together: together(groups.NewGroups(inGroups))},
		DB:   d, Tables: model.Tables, Bus: bus, Limits: others.Limits, Refs: others,
	})
	if err != nil {
		return nil, err
	}
	return &ServiceContext{
		Config: c, DB: d, Conversations: conversations, Senders: model.Senders(d), Bus: bus,
		Messages: messages,
	}, nil
}

const (
	// togetherWait is how long group_rpc may take to say who is in a group with
	// whom: if it is away, that must not hold up those who do not need it.
	togetherWait = 700 * time.Millisecond
	// togetherAtOnce bounds one question, as group_rpc does.
	togetherAtOnce = 256
)

// together asks group_rpc with whom of peers a group lets user write.
func together(g groups.Groups) func(ctx context.Context, user uint64, peers []uint64) ([]uint64, error) {
	return func(ctx context.Context, user uint64, peers []uint64) (found []uint64, err error) {
		ctx, cancel := context.WithTimeout(ctx, togetherWait)
		defer cancel()
		for some := range slices.Chunk(peers, togetherAtOnce) {
			r, err := g.Together(ctx, &group_rpc.TogetherRequest{UserId: user, PeerIds: some})
			if err != nil {
				return nil, err
			}
			found = append(found, r.PeerIds...)
		}
		return found, nil
	}
}
