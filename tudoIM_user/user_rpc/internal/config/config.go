package config

import "tudoIM/core/conf"

// Config is etc/*.yaml, read.
type Config struct {
	conf.RPC
	// RequestsPerDay is how many new friend requests a user may send in 24 hours.
	RequestsPerDay int `json:",default=20,range=[1:1000]"`
	// MaxFriends is how many friends a user may have.
	MaxFriends int64 `json:",default=5000,range=[1:20000]"`
}
