package svc

import (
	"tudoIM/common/wire"
	"tudoIM/core/run"
	"tudoIM/tudoIM_auth/auth_rpc/auth"
	"tudoIM/tudoIM_chat/chat_rpc/chat"
	"tudoIM/tudoIM_group/group_rpc/groups"
	"tudoIM/tudoIM_user/user_api/internal/config"
	"tudoIM/tudoIM_user/user_rpc/user"
)

// ServiceContext lists what the logics share; it is built once, by app.New.
type ServiceContext struct {
	Config config.Config
	Users  user.User
	Auth   auth.Auth
	Chat   chat.Chat
	Groups groups.Groups
	// Messages are chat_rpc's.
	Messages wire.MessagesClient
}

// NewServiceContext opens what the half needs without waiting for any of it.
func NewServiceContext(c config.Config) (*ServiceContext, error) {
	users, err := run.Client(c.Half, "user_rpc")
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
	return &ServiceContext{
		Config: c, Users: user.NewUser(users), Auth: auth.NewAuth(sessions), Chat: chat.NewChat(chats), Groups: groups.NewGroups(inGroups),
		Messages: wire.NewMessagesClient(chats.Conn()),
	}, nil
}
