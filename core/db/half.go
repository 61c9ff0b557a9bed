package db

import (
	"context"

	"tudoIM/core/run"
)

// Serve makes r depend on d and the tables of m: it listens only once the
// database answers and has exactly these tables, and tells both on /readyz.
func Serve(r *run.RPC, d *DB, m Migration) {
	r.Ready.Need(d.Name, d.Ready)
	r.Unavailable(IsUnavailable)
	r.Before(d.Await)
	r.Before(d.durable)
	r.Before(func(ctx context.Context) error { return m.Check(ctx, d) })
}
