package config

import "tudoIM/core/conf"

// Config is etc/*.yaml, read.
type Config struct {
	conf.RPC
	// MaxMembers is how many members a group may have, and has room for unless
	// its owner wants fewer.
	MaxMembers int32 `json:",default=2000,range=[2:2000]"`
	// MaxOwned is how many groups a user may own.
	MaxOwned int64 `json:",default=100,range=[1:1000]"`
	// AdminReads lets administrators of the site read what was said in groups;
	// each time is written down.
	AdminReads bool
}
