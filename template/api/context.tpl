package svc

import (
	{{.configImport}}
)

// ServiceContext lists what the logics share; it is built once, by app.New.
type ServiceContext struct {
	Config {{.config}}
	{{.middleware}}
}

func NewServiceContext(c {{.config}}) (*ServiceContext, error) {
	return &ServiceContext{
		Config: c,
		{{.middlewareAssignment}}
	}, nil
}
