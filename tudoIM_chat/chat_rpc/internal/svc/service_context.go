package svc

import (
	"tudoIM/common/conversation"
	"tudoIM/common/event"
	"tudoIM/common/msglog"
	"tudoIM/core/db"
	"tudoIM/core/run"
	"tudoIM/tudoIM_chat/chat_rpc/internal/config"
	"tudoIM/tudoIM_chat/chat_rpc/internal/model"
	"tudoIM/tudoIM_chat/chat_rpc/refs"
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
	others, err := refs.Open(c.Half)
	if err != nil {
		return nil, err
	}
	messages, err := conversation.New(conversation.Parts{
		Home: model.Private{Conversations: conversations, DB: d, Bus: bus},
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
