// Package app is the one exported door of user_rpc.
package app

import (
	"context"

	"github.com/zeromicro/go-zero/core/service"
	"google.golang.org/grpc"

	"tudoIM/core/db"
	"tudoIM/core/run"
	"tudoIM/tudoIM_user/user_rpc/internal/config"
	"tudoIM/tudoIM_user/user_rpc/internal/logic"
	"tudoIM/tudoIM_user/user_rpc/internal/model"
	"tudoIM/tudoIM_user/user_rpc/internal/server"
	"tudoIM/tudoIM_user/user_rpc/internal/svc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
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
		user_rpc.RegisterUserServer(s, server.NewUserServer(ctx))
	})
	if err != nil {
		return nil, err
	}
	rpc.Ready.Uses("chat_rpc")
	db.Serve(rpc, ctx.DB, model.Migration)
	rpc.Beside(func(life context.Context) { logic.SweepRights(life, ctx) })
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

// Promote makes the user called name, or with that id, an administrator, and
// returns a line that says so: how a site gets its first one.
func Promote(ctx context.Context, c Config, name string) (string, error) {
	d, err := db.Open(c.DSN, c.MaxOpenConns)
	if err != nil {
		return "", err
	}
	if err := model.Migration.Check(ctx, d); err != nil {
		return "", err
	}
	return model.Promote(ctx, d, name)
}
