package config

import (
	"tudoIM/core/conf"
	"tudoIM/tudoIM_auth/auth_rpc/internal/openlogin"
)

// Config is etc/*.yaml, read.
type Config struct {
	conf.RPC
	// JWTSecret signs access tokens; empty means the generated one in DataDir.
	JWTSecret string `json:",optional"`
	// AccessSeconds is how long an access token lasts.
	AccessSeconds int64 `json:",default=3600,range=[10:86400]"`
	// RefreshDays is how long a session lasts without being refreshed.
	RefreshDays int64 `json:",default=30,range=[1:365]"`
	// In LoginMinutes there may be so many wrong passwords: for one account
	// from one address, for one account, for one account on a device that was
	// logged in before; and in an hour from one address.
	LoginPerAccountIP int64 `json:",default=5,range=[1:100000]"`
	LoginPerAccount   int64 `json:",default=20,range=[1:100000]"`
	LoginPerDevice    int64 `json:",default=5,range=[1:100000]"`
	LoginPerIP        int64 `json:",default=60,range=[1:100000]"`
	LoginMinutes      int64 `json:",default=15,range=[1:1440]"`
	// RegisterPerHour is how many accounts one address may try to make.
	RegisterPerHour int64 `json:",default=60,range=[1:100000]"`
	// OpenLogin are the providers one can log in by.
	OpenLogin []openlogin.Config `json:",optional"`
}
