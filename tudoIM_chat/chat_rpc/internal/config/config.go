package config

import "tudoIM/core/conf"

// Config is etc/*.yaml, read.
type Config struct {
	conf.RPC
	// AdminReads lets administrators read what others said; each time is
	// written down.
	AdminReads bool
}
