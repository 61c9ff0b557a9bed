// Package app is the one exported door of the gateway.
package app

import (
	"context"

	"github.com/zeromicro/go-zero/core/service"

	"tudoIM/common/token"
	"tudoIM/core/conf"
	"tudoIM/core/registry"
	"tudoIM/core/run"
	rpc "tudoIM/tudoIM_auth/auth_rpc/auth"
	"tudoIM/tudoIM_gateway/internal/auth"
	"tudoIM/tudoIM_gateway/internal/config"
	"tudoIM/tudoIM_gateway/internal/proxy"
)

// Config is what New needs; it is read from etc/gateway.yaml.
type Config = config.Config

// New builds the gateway; Start serves until the process ends.
func New(c Config) (service.Service, error) {
	internal, err := conf.Secret(c.DataDir, "internal.secret", c.InternalSecret)
	if err != nil {
		return nil, err
	}
	jwt, err := conf.Secret(c.DataDir, "jwt.secret", c.JWTSecret)
	if err != nil {
		return nil, err
	}
	bus, err := run.Bus(c.Half)
	if err != nil {
		return nil, err
	}
	etcd, err := registry.Client(c.Etcd)
	if err != nil {
		return nil, err
	}
	client, err := run.Client(c.Half, "auth_rpc")
	if err != nil {
		return nil, err
	}
	edge, err := run.NewEdge(c.Half)
	if err != nil {
		return nil, err
	}
	for _, name := range c.Services {
		edge.Ready.Uses(name + "_api")
		edge.Ready.Uses(name + "_rpc")
	}

	guard := auth.NewGuard(jwt, token.LinkKey(internal), rpc.NewAuth(client))
	leaving := make(chan struct{})
	site := proxy.Site(edge.Missing, func() bool {
		select {
		case <-leaving:
			return true
		default:
			return false
		}
	})
	instances := func(key string) func() []string { return registry.Watch(etcd, key).Addrs }
	gateway, err := proxy.New(c, guard, token.Key(internal, "identity"), instances, site)
	if err != nil {
		return nil, err
	}
	if edge.Server.TLSConfig, err = loadTLS(c.CertFile, c.KeyFile); err != nil {
		return nil, err
	}
	edge.Server.Handler = gateway
	proxy.Bound(edge.Server, c.Limits)
	edge.Beside(func(ctx context.Context) { guard.Listen(ctx, bus) })
	edge.Beside(func(ctx context.Context) { gateway.ShareRates(ctx, bus) })
	// Sockets are let in as long as requests are: whoever sends them here has
	// to hear first.
	edge.OnWrapUp(func() { close(leaving) })
	edge.OnStop(gateway.Sockets.Close)
	return edge, nil
}
