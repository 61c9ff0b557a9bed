package config

import "tudoIM/core/conf"

// Config is etc/*.yaml, read.
type Config struct {
	conf.API
}
