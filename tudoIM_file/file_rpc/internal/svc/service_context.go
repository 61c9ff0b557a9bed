package svc

import (
	"time"

	"tudoIM/core/db"
	"tudoIM/tudoIM_file/file_rpc/internal/config"
	"tudoIM/tudoIM_file/file_rpc/internal/model"
)

// ServiceContext lists what the logics share; it is built once, by app.New.
type ServiceContext struct {
	Config  config.Config
	DB      *db.DB
	Files   model.Files
	Uploads model.Uploads
}

// NewServiceContext opens what the half needs without waiting for any of it.
func NewServiceContext(c config.Config) (*ServiceContext, error) {
	d, err := db.Open(c.DSN, c.MaxOpenConns)
	if err != nil {
		return nil, err
	}
	files := model.Files{DB: d, Quota: model.Quota{Bytes: c.QuotaBytes, Files: c.QuotaFiles}}
	return &ServiceContext{
		Config: c, DB: d, Files: files,
		Uploads: model.Uploads{Files: files, Limits: model.UploadLimits{
			Bytes: c.PartedMaxBytes, Open: c.OpenUploads, Life: time.Duration(c.UploadHours) * time.Hour,
		}},
	}, nil
}
