package svc

import (
	"tudoIM/common/conversation"
	"tudoIM/common/event"
	"tudoIM/common/msglog"
	"tudoIM/core/db"
	"tudoIM/core/run"
	"tudoIM/tudoIM_chat/chat_rpc/refs"
	"tudoIM/tudoIM_file/file_rpc/files"
	"tudoIM/tudoIM_group/group_rpc/internal/config"
	"tudoIM/tudoIM_group/group_rpc/internal/model"
	"tudoIM/tudoIM_user/user_rpc/user"
)

// ServiceContext lists what the logics share; it is built once, by app.New.
type ServiceContext struct {
	Config config.Config
	DB     *db.DB
	Groups model.Groups
	// Messages serves what groups share with private conversations.
	Messages *conversation.Server
	Senders  msglog.Senders
	Users    user.User
	Files    files.Files
	Bus      *event.Bus
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
	users, err := run.Client(c.Half, "user_rpc")
	if err != nil {
		return nil, err
	}
	file, err := run.Client(c.Half, "file_rpc")
	if err != nil {
		return nil, err
	}
	others, err := refs.Open(c.Half)
	if err != nil {
		return nil, err
	}
	messages, err := conversation.New(conversation.Parts{
		Home: model.Talk{DB: d, Bus: bus},
		DB:   d, Tables: model.Tables, Bus: bus, Limits: others.Limits, Refs: others,
	})
	if err != nil {
		return nil, err
	}
	return &ServiceContext{
		Config:   c,
		DB:       d,
		Messages: messages,
		Senders:  model.Senders(d),
		Groups:   model.Groups{DB: d, Limits: model.Limits{Members: c.MaxMembers, Owned: c.MaxOwned}, Log: messages.Log},
		Users:    user.NewUser(users),
		Files:    files.NewFiles(file),
		Bus:      bus,
	}, nil
}
