// Package app is the one exported door of file_api.
package app

import (
	"github.com/zeromicro/go-zero/core/service"

	"tudoIM/core/run"
	"tudoIM/tudoIM_file/file_api/internal/config"
	"tudoIM/tudoIM_file/file_api/internal/handler"
	"tudoIM/tudoIM_file/file_api/internal/svc"
	"tudoIM/tudoIM_file/file_api/internal/sweep"
)

// Config is what New needs; it is read from etc/*.yaml.
type Config = config.Config

// New builds the half; Start serves until the process ends.
func New(c Config) (service.Service, error) {
	// With a timeout of the whole half, go-zero takes a route's 0s for none
	// of its own: uploads would be cut and downloads held in memory. So each
	// route names its timeout in the .api.
	c.Timeout = 0
	ctx, err := svc.NewServiceContext(c)
	if err != nil {
		return nil, err
	}
	api, err := run.NewAPI(c.API)
	if err != nil {
		return nil, err
	}
	api.Ready.Uses("file_rpc")
	api.Ready.Uses("settings_rpc")
	api.Ready.Uses("chat_rpc")
	api.Ready.Uses("group_rpc")
	api.Ready.Uses("user_rpc")
	api.Ready.Uses("auth_rpc")
	api.Ready.Need("store", ctx.Store.Ready)
	handler.RegisterHandlers(api.Server, ctx)
	go sweep.Sweep{Store: ctx.Store, Files: ctx.Files}.Run(api.Context())
	return api, nil
}
