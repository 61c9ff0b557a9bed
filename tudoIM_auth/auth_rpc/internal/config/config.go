package config

import "tudoIM/core/conf"

// Config is etc/*.yaml, read.
type Config struct {
	conf.RPC
	// JWTSecret signs access tokens; empty means the generated one in DataDir.
	JWTSecret string `json:",optional"`
	// AccessSeconds is how long an access token lasts.
	AccessSeconds int64 `json:",default=3600,range=[10:86400]"`
	// RefreshDays is how long a session lasts without being refreshed.
	RefreshDays int64 `json:",default=30,range=[1:365]"`
}
