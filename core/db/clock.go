package db

import (
	"context"
	"sync"
	"time"
)

// refresh is how long a reading of the database's clock is trusted. Between
// readings the process's monotonic clock carries on, which no step of the
// machine's wall clock moves.
const refresh = 30 * time.Second

// Clock tells the database's time, so that processes on machines whose clocks
// differ agree on windows and ends.
type Clock struct {
	db *DB

	mu   sync.Mutex
	base time.Time // the database's time ...
	at   time.Time // ... at this local, monotonic moment
}

func newClock(d *DB) *Clock { return &Clock{db: d} }

// Now returns the database's time. It asks the database at most every 30 s;
// when that fails the last reading carries on, and before the first one the
// local clock serves.
func (c *Clock) Now(ctx context.Context) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.at.IsZero() || time.Since(c.at) > refresh {
		if base, err := c.read(ctx); err == nil {
			c.base, c.at = base, time.Now()
		}
	}
	if c.at.IsZero() {
		return time.Now()
	}
	return c.base.Add(time.Since(c.at))
}

// last is Now without asking the database: for the times GORM fills in, which
// may be inside a transaction.
func (c *Clock) last() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.at.IsZero() {
		return time.Now()
	}
	return c.base.Add(time.Since(c.at))
}

// Milli is Now in Unix milliseconds.
func (c *Clock) Milli(ctx context.Context) int64 { return c.Now(ctx).UnixMilli() }

func (c *Clock) read(ctx context.Context) (time.Time, error) {
	query := "SELECT CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)"
	if !c.db.IsMySQL() {
		query = "SELECT CAST(unixepoch('subsec') * 1000 AS INTEGER)"
	}
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	var ms int64
	err := c.db.WithContext(ctx).Raw(query).Row().Scan(&ms)
	return time.UnixMilli(ms), err
}
