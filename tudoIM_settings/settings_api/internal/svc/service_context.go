package svc

import (
	"tudoIM/core/run"
	"tudoIM/tudoIM_auth/auth_rpc/auth"
	"tudoIM/tudoIM_settings/settings_api/internal/config"
	"tudoIM/tudoIM_settings/settings_rpc/settings"
	"tudoIM/tudoIM_user/user_rpc/user"
)

// ServiceContext lists what the logics share; it is built once, by app.New.
type ServiceContext struct {
	Config   config.Config
	Settings settings.Settings
	Users    user.User
	Auth     auth.Auth
}

// NewServiceContext opens what the half needs without waiting for any of it.
func NewServiceContext(c config.Config) (*ServiceContext, error) {
	client, err := run.Client(c.Half, "settings_rpc")
	if err != nil {
		return nil, err
	}
	users, err := run.Client(c.Half, "user_rpc")
	if err != nil {
		return nil, err
	}
	sessions, err := run.Client(c.Half, "auth_rpc")
	if err != nil {
		return nil, err
	}
	return &ServiceContext{
		Config: c, Settings: settings.NewSettings(client), Users: user.NewUser(users), Auth: auth.NewAuth(sessions),
	}, nil
}
