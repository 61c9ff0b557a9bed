// Package app is the one exported door of settings_api.
package app

import (
	"github.com/zeromicro/go-zero/core/service"

	"tudoIM/core/run"
	"tudoIM/tudoIM_settings/settings_api/internal/config"
	"tudoIM/tudoIM_settings/settings_api/internal/handler"
	"tudoIM/tudoIM_settings/settings_api/internal/svc"
)

// Config is what New needs; it is read from etc/*.yaml.
type Config = config.Config

// New builds the half; Start serves until the process ends.
func New(c Config) (service.Service, error) {
	ctx, err := svc.NewServiceContext(c)
	if err != nil {
		return nil, err
	}
	api, err := run.NewAPI(c.API)
	if err != nil {
		return nil, err
	}
	api.Ready.Uses("settings_rpc")
	api.Ready.Uses("user_rpc")
	api.Ready.Uses("auth_rpc")
	handler.RegisterHandlers(api.Server, ctx)
	return api, nil
}
