package svc

import (
	"tudoIM/core/db"
	{{.imports}}
)

// ServiceContext lists what the logics share; it is built once, by app.New.
type ServiceContext struct {
	Config config.Config
	DB     *db.DB
}

// NewServiceContext opens what the half needs without waiting for any of it.
func NewServiceContext(c config.Config) (*ServiceContext, error) {
	d, err := db.Open(c.DSN, c.MaxOpenConns)
	if err != nil {
		return nil, err
	}
	return &ServiceContext{Config: c, DB: d}, nil
}
