package svc

import (
	"time"

	"tudoIM/common/event"
	"tudoIM/core/conf"
	"tudoIM/core/db"
	"tudoIM/core/run"
	"tudoIM/tudoIM_auth/auth_rpc/internal/config"
	"tudoIM/tudoIM_auth/auth_rpc/internal/model"
	"tudoIM/tudoIM_auth/auth_rpc/internal/openlogin"
	"tudoIM/tudoIM_settings/settings_rpc/settings"
	"tudoIM/tudoIM_settings/settings_rpc/site"
	"tudoIM/tudoIM_user/user_rpc/user"
)

// ServiceContext lists what the logics share; it is built once, by app.New.
type ServiceContext struct {
	Config    config.Config
	DB        *db.DB
	Sessions  model.Sessions
	Tickets   model.Tickets
	Passwords *model.Passwords
	Tokens    model.Tokens
	Attempts  model.Attempts
	Limits    model.Limits
	States    model.States
	// Providers are those one can log in by.
	Providers *openlogin.Providers
	Users     user.User
	Settings  settings.Settings
	// Site is the settings as they were lately, where that is enough.
	Site *site.Site
	Bus  *event.Bus
}

// NewServiceContext opens what the half needs without waiting for any of it.
func NewServiceContext(c config.Config) (*ServiceContext, error) {
	d, err := db.Open(c.DSN, c.MaxOpenConns)
	if err != nil {
		return nil, err
	}
	bus, err := run.Bus(c.Half)
	if err != nil {
		return nil, err
	}
	jwt, err := conf.Secret(c.DataDir, "jwt.secret", c.JWTSecret)
	if err != nil {
		return nil, err
	}
	providers, err := openlogin.New(c.OpenLogin, jwt)
	if err != nil {
		return nil, err
	}
	passwords, err := model.NewPasswords()
	if err != nil {
		return nil, err
	}
	users, err := run.Client(c.Half, "user_rpc")
	if err != nil {
		return nil, err
	}
	settingsClient, err := run.Client(c.Half, "settings_rpc")
	if err != nil {
		return nil, err
	}
	all := settings.NewSettings(settingsClient)
	return &ServiceContext{
		Config:    c,
		DB:        d,
		Sessions:  model.Sessions{DB: d},
		Tickets:   model.Tickets{DB: d},
		Passwords: passwords,
		Tokens: model.Tokens{
			Secret:  jwt,
			Access:  time.Duration(c.AccessSeconds) * time.Second,
			Refresh: time.Duration(c.RefreshDays) * 24 * time.Hour,
		},
		Attempts: model.Attempts{DB: d},
		Limits: model.Limits{
			AccountIP: c.LoginPerAccountIP, Account: c.LoginPerAccount, Device: c.LoginPerDevice,
			Window: time.Duration(c.LoginMinutes) * time.Minute, IP: c.LoginPerIP, Register: c.RegisterPerHour,
		},
		States: model.States{DB: d}, Providers: providers,
		Users:    user.NewUser(users),
		Settings: all,
		Site:     site.New(all),
		Bus:      bus,
	}, nil
}
