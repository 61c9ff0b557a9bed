package svc

import (
	"context"

	"tudoIM/common/rate"
	"tudoIM/common/wire"
	"tudoIM/core/cache"
	"tudoIM/core/run"
	"tudoIM/tudoIM_auth/auth_rpc/auth"
	"tudoIM/tudoIM_chat/chat_api/internal/config"
	"tudoIM/tudoIM_chat/chat_api/internal/people"
	"tudoIM/tudoIM_chat/chat_api/internal/talk"
	"tudoIM/tudoIM_chat/chat_api/internal/ws"
	"tudoIM/tudoIM_chat/chat_rpc/chat"
	"tudoIM/tudoIM_group/group_rpc/groups"
	"tudoIM/tudoIM_user/user_rpc/user"
)

// ServiceContext lists what the logics share; it is built once, by app.New.
type ServiceContext struct {
	Config config.Config
	Auth   auth.Auth
	Talk   *talk.Talk
	Hub    *ws.Hub
}

// NewServiceContext opens what the half needs without waiting for any of it;
// its loops work until ctx ends.
func NewServiceContext(ctx context.Context, c config.Config) (*ServiceContext, error) {
	authClient, err := run.Client(c.Half, "auth_rpc")
	if err != nil {
		return nil, err
	}
	chatClient, err := run.Client(c.Half, "chat_rpc")
	if err != nil {
		return nil, err
	}
	groupClient, err := run.Client(c.Half, "group_rpc")
	if err != nil {
		return nil, err
	}
	userClient, err := run.Client(c.Half, "user_rpc")
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
	send, err := rate.Named("chat.send", c.Rates.Send)
	if err != nil {
		return nil, err
	}
	group, err := rate.Named("chat.group", c.Rates.Group)
	if err != nil {
		return nil, err
	}
	ask, err := rate.Named("chat.ask", c.Rates.Ask)
	if err != nil {
		return nil, err
	}
	go rate.Share(ctx, bus, send, group, ask)
	auths := auth.NewAuth(authClient)
	users := user.NewUser(userClient)
	who := people.New(users)
	talks := talk.New(ctx, talk.Links{
		Private: wire.NewMessagesClient(chatClient.Conn()), Group: wire.NewMessagesClient(groupClient.Conn()),
		Chats: chat.NewChat(chatClient), People: who, Users: users, Bus: bus,
		Rates: talk.Rates{User: send, Group: group},
	})
	return &ServiceContext{
		Config: c,
		Auth:   auths,
		Talk:   talks,
		Hub:    ws.New(ctx, bus, talks, who, ws.Links{Auth: auths, Users: users, Groups: groups.NewGroups(groupClient), Redis: rdb, Limits: c.Sockets, Ops: ask}),
	}, nil
}
