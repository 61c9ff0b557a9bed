// Package app is the one exported door of chat_rpc.
package app

import (
	"context"

	"github.com/zeromicro/go-zero/core/service"
	"google.golang.org/grpc"

	"tudoIM/common/wire"
	"tudoIM/core/db"
	"tudoIM/core/run"
	"tudoIM/tudoIM_chat/chat_rpc/internal/config"
	"tudoIM/tudoIM_chat/chat_rpc/internal/model"
	"tudoIM/tudoIM_chat/chat_rpc/internal/server"
	"tudoIM/tudoIM_chat/chat_rpc/internal/svc"
	"tudoIM/tudoIM_chat/chat_rpc/types/chat_rpc"
)

// Config is what New and Migrate need; it is read from etc/*.yaml.
type Config = config.Config

// New builds the half; Start serves until the process ends.
func New(c Config) (service.Service, error) {
	ctx, err := svc.NewServiceContext(c)
	if err != nil {
		return nil, err
	}
	rpc, err := run.NewRPC(c.RPC, func(s *grpc.Server) {
		chat_rpc.RegisterChatServer(s, server.NewChatServer(ctx))
		wire.RegisterMessagesServer(s, ctx.Messages)
	})
	if err != nil {
		return nil, err
	}
	db.Serve(rpc, ctx.DB, model.Migration)
	rpc.Beside(ctx.Messages.Log.Run)
	return rpc, nil
}

// Migrate creates or upgrades the half's tables and says what it did, a line each.
func Migrate(ctx context.Context, c Config) ([]string, error) {
	d, err := db.Open(c.DSN, c.MaxOpenConns)
	if err != nil {
		return nil, err
	}
	return model.Migration.Up(ctx, d)
}
