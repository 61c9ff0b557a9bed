package db

import "errors"

// Close closes every database this process has opened, once nothing uses them.
func Close() error {
	mu.Lock()
	defer mu.Unlock()
	var all error
	for dsn, d := range open {
		pool, err := d.DB.DB()
		if err == nil {
			err = pool.Close()
		}
		all = errors.Join(all, err)
		delete(open, dsn)
	}
	return all
}
