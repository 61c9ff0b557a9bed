package run

import (
	"tudoIM/common/event"
	"tudoIM/core/cache"
	"tudoIM/core/conf"
)

// Bus returns the event bus of the suite h belongs to. It does not connect:
// publishing fails while Redis is away, and what is committed stays so.
func Bus(h conf.Half) (*event.Bus, error) {
	rdb, err := cache.Open(h.Redis)
	if err != nil {
		return nil, err
	}
	secret, err := conf.Secret(h.DataDir, "internal.secret", h.InternalSecret)
	if err != nil {
		return nil, err
	}
	return event.NewBus(rdb, secret), nil
}
