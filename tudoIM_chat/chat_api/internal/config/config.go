package config

import (
	"tudoIM/core/conf"
	"tudoIM/tudoIM_chat/chat_api/internal/ws"
)

// Config is etc/*.yaml, read.
type Config struct {
	conf.API
	// Rates are rates as rate.Parse reads them: what one user sends, what is
	// sent to one group, and what one user asks for on sockets.
	Rates struct {
		Send  string
		Group string
		Ask   string
	}
	Sockets ws.Limits
}
