// Package app is the one exported door of auth_rpc.
package app

import (
	"context"

	"github.com/zeromicro/go-zero/core/service"
	"google.golang.org/grpc"

	"tudoIM/core/db"
	"tudoIM/core/run"
	"tudoIM/tudoIM_auth/auth_rpc/internal/config"
	"tudoIM/tudoIM_auth/auth_rpc/internal/model"
	"tudoIM/tudoIM_auth/auth_rpc/internal/server"
	"tudoIM/tudoIM_auth/auth_rpc/internal/svc"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
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
		auth_rpc.RegisterAuthServer(s, server.NewAuthServer(ctx))
	})
	if err != nil {
		return nil, err
	}
	rpc.Ready.Uses("settings_rpc")
	rpc.Ready.Uses("user_rpc")
	db.Serve(rpc, ctx.DB, model.Migration)
	rpc.Beside(func(work context.Context) { model.SweepLoop(work, ctx.DB) })
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
