package svc

import "tudoIM/tudoIM_settings/settings_rpc/internal/config"

// ServiceContext lists what the logics share; it is built once, by app.New.
type ServiceContext struct {
	Config config.Config
}

func NewServiceContext(c config.Config) (*ServiceContext, error) {
	return &ServiceContext{Config: c}, nil
}
