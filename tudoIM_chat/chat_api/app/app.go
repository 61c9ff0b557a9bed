// Package app is the one exported door of chat_api.
package app

import (
	"github.com/zeromicro/go-zero/core/service"

	"tudoIM/core/run"
	"tudoIM/tudoIM_chat/chat_api/internal/config"
	"tudoIM/tudoIM_chat/chat_api/internal/handler"
	"tudoIM/tudoIM_chat/chat_api/internal/svc"
)

// Config is what New needs; it is read from etc/*.yaml.
type Config = config.Config

// New builds the half; Start serves until the process ends.
func New(c Config) (service.Service, error) {
	api, err := run.NewAPI(c.API)
	if err != nil {
		return nil, err
	}
	ctx, err := svc.NewServiceContext(api.Context(), c)
	if err != nil {
		return nil, err
	}
	api.Ready.Uses("auth_rpc")
	api.Ready.Uses("chat_rpc")
	api.Ready.Uses("group_rpc")
	api.Ready.Uses("user_rpc")
	api.OnStop(ctx.Hub.End)
	handler.RegisterHandlers(api.Server, ctx)
	return api, nil
}
