package svc

import (
	"tudoIM/core/run"
	"tudoIM/tudoIM_auth/auth_api/internal/config"
	"tudoIM/tudoIM_auth/auth_rpc/auth"
)

// ServiceContext lists what the logics share; it is built once, by app.New.
type ServiceContext struct {
	Config config.Config
	Auth   auth.Auth
}

// NewServiceContext opens what the half needs without waiting for any of it.
func NewServiceContext(c config.Config) (*ServiceContext, error) {
	client, err := run.Client(c.Half, "auth_rpc")
	if err != nil {
		return nil, err
	}
	return &ServiceContext{Config: c, Auth: auth.NewAuth(client)}, nil
}
