package svc

import (
	"github.com/redis/go-redis/v9"

	"tudoIM/common/event"
	"tudoIM/core/cache"
	"tudoIM/core/db"
	"tudoIM/core/run"
	"tudoIM/tudoIM_auth/auth_rpc/auth"
	"tudoIM/tudoIM_chat/chat_rpc/chat"
	"tudoIM/tudoIM_file/file_rpc/files"
	"tudoIM/tudoIM_group/group_rpc/groups"
	"tudoIM/tudoIM_user/user_rpc/internal/config"
	"tudoIM/tudoIM_user/user_rpc/internal/model"
)

// ServiceContext lists what the logics share; it is built once, by app.New.
type ServiceContext struct {
	Config  config.Config
	DB      *db.DB
	Users   model.Users
	Friends model.Friends
	Audits  model.Audits
	Auth    auth.Auth
	Chat    chat.Chat
	Groups  groups.Groups
	Files   files.Files
	Bus     *event.Bus
	// Redis knows who is connected.
	Redis redis.UniversalClient
}

// NewServiceContext opens what the half needs without waiting for any of it.
func NewServiceContext(c config.Config) (*ServiceContext, error) {
	d, err := db.Open(c.DSN, c.MaxOpenConns)
	if err != nil {
		return nil, err
	}
	rdb, err := cache.Open(c.Redis)
	if err != nil {
		return nil, err
	}
	bus, err := run.Bus(c.Half)
	if err != nil {
		return nil, err
	}
	sessions, err := run.Client(c.Half, "auth_rpc")
	if err != nil {
		return nil, err
	}
	chats, err := run.Client(c.Half, "chat_rpc")
	if err != nil {
		return nil, err
	}
	inGroups, err := run.Client(c.Half, "group_rpc")
	if err != nil {
		return nil, err
	}
	inFiles, err := run.Client(c.Half, "file_rpc")
	if err != nil {
		return nil, err
	}
	return &ServiceContext{
		Config: c,
		DB:     d,
		Users:  model.Users{DB: d},
		Friends: model.Friends{DB: d, Limits: model.Limits{
			RequestsPerDay: c.RequestsPerDay, Friends: c.MaxFriends,
		}},
		Audits: model.Audits{DB: d},
		Auth:   auth.NewAuth(sessions),
		Chat:   chat.NewChat(chats),
		Groups: groups.NewGroups(inGroups),
		Files:  files.NewFiles(inFiles),
		Bus:    bus,
		Redis:  rdb,
	}, nil
}
