package config

import "tudoIM/core/conf"

// Config is etc/*.yaml, read.
type Config struct {
	conf.RPC
	// QuotaBytes is how much one user's files may hold together.
	QuotaBytes int64 `json:",default=2147483648,range=[1:1099511627776]"`
	// QuotaFiles is how many files one user may have.
	QuotaFiles int64 `json:",default=10000,range=[1:10000000]"`
}
