package model

import (
	"context"
	"time"

	"github.com/zeromicro/go-zero/core/logx"

	"tudoIM/core/db"
)

// SweepLoop removes what has ended from d, once a minute until ctx ends.
func SweepLoop(ctx context.Context, d *db.DB) {
	t := time.NewTicker(time.Minute)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
		for what, sweep := range map[string]func(context.Context, time.Time) error{
			"tickets": Tickets{DB: d}.Sweep, "attempts": Attempts{DB: d}.Sweep, "states": States{DB: d}.Sweep,
		} {
			if err := sweep(ctx, d.Clock.Now(ctx)); err != nil {
				logx.Errorf("sweep of %s: %v", what, err)
			}
		}
	}
}
