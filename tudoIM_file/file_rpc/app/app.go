// Package app is the one exported door of file_rpc.
package app

import (
	"context"

	"github.com/zeromicro/go-zero/core/service"
	"google.golang.org/grpc"

	"tudoIM/core/db"
	"tudoIM/core/run"
	"tudoIM/tudoIM_file/file_rpc/internal/config"
	"tudoIM/tudoIM_file/file_rpc/internal/logic"
	"tudoIM/tudoIM_file/file_rpc/internal/model"
	"tudoIM/tudoIM_file/file_rpc/internal/server"
	"tudoIM/tudoIM_file/file_rpc/internal/svc"
	"tudoIM/tudoIM_file/file_rpc/types/file_rpc"
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
		file_rpc.RegisterFilesServer(s, server.NewFilesServer(ctx))
	})
	if err != nil {
		return nil, err
	}
	db.Serve(rpc, ctx.DB, model.Migration)
	rpc.Beside(func(life context.Context) { logic.ExpireUploads(life, ctx) })
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
