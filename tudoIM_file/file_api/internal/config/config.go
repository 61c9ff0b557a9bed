package config

import "tudoIM/core/conf"

// Config is etc/*.yaml, read.
type Config struct {
	conf.API
	// UploadsAtOnce is how many uploads one user may have under way in one
	// process.
	UploadsAtOnce int `json:",default=4,range=[1:1000]"`
}
