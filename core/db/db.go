// Package db opens the database of an rpc half, keeps its clock and runs its
// migrations. Only rpc halves import it.
package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/zeromicro/go-zero/core/logx"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// ErrNoDSN is what a half without a database says.
var ErrNoDSN = errors.New("no database: set TUDO_MYSQL_DSN, for example tudo:secret@tcp(127.0.0.1:3306)/tudo")

// DB is an open database with its name and clock.
type DB struct {
	*gorm.DB
	// Name says where it is, without credentials.
	Name  string
	Clock *Clock

	dialect string
}

// Open opens dsn without connecting; halves of one process that name the same
// dsn share one pool. maxOpen bounds its connections.
func Open(dsn string, maxOpen int) (*DB, error) {
	mu.Lock()
	defer mu.Unlock()
	if d, ok := open[dsn]; ok {
		return d, nil
	}
	if dsn == "" {
		return nil, ErrNoDSN
	}
	scheme, rest := "mysql", dsn
	if s, r, ok := strings.Cut(dsn, ":"); ok && s != scheme && dialects[s] != nil { // a MySQL user may be called mysql
		scheme, rest = s, r
	}
	opened, err := dialects[scheme](rest)
	if err != nil {
		return nil, err
	}
	g, err := gorm.Open(opened.Dialector, &gorm.Config{
		TranslateError:         true,
		DisableAutomaticPing:   true,
		SkipDefaultTransaction: true, // transactions are explicit
		Logger:                 logger.Discard,
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", opened.Name, err)
	}
	pool, err := g.DB()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", opened.Name, err)
	}
	if scheme == "mysql" { // an embedded dialect bounds its own pool
		pool.SetMaxOpenConns(maxOpen)
		pool.SetMaxIdleConns(maxOpen)
		pool.SetConnMaxIdleTime(5 * time.Minute)
		pool.SetConnMaxLifetime(30 * time.Minute)
	}
	d := &DB{DB: g, Name: opened.Name, dialect: scheme}
	d.Clock = newClock(d)
	g.NowFunc = d.Clock.last
	open[dsn] = d
	return d, nil
}

// Opened is what a dialect makes of a dsn.
type Opened struct {
	Dialector gorm.Dialector
	Name      string
}

var (
	mu       sync.Mutex
	open     = map[string]*DB{}
	dialects = map[string]func(rest string) (Opened, error){"mysql": openMySQL}
)

// RegisterDialect makes dsn of the form scheme:rest known. The single process
// registers its embedded database so; no half knows of it.
func RegisterDialect(scheme string, f func(rest string) (Opened, error)) {
	mu.Lock()
	defer mu.Unlock()
	dialects[scheme] = f
}

// IsMySQL reports whether d speaks MySQL; otherwise it speaks SQLite.
func (d *DB) IsMySQL() bool { return d.dialect == "mysql" }

// Ready reports whether the database answers.
func (d *DB) Ready(ctx context.Context) error {
	pool, err := d.DB.DB()
	if err != nil {
		return err
	}
	if err := pool.PingContext(ctx); err != nil {
		return fmt.Errorf("%s: %w", d.Name, err)
	}
	return nil
}

// Await blocks until the database answers or ctx ends, and says once that it
// waits. A database that answers that it does not know us is not waited for.
func (d *DB) Await(ctx context.Context) error {
	for said := false; ; said = true {
		call, cancel := context.WithTimeout(ctx, 3*time.Second)
		err := d.Ready(call)
		cancel()
		if err == nil {
			if said {
				logx.Infof("db: %s answers", d.Name)
			}
			return nil
		}
		if isStranger(err) {
			return err
		}
		if !said {
			logx.Errorf("db: waiting for the database: %v", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
	}
}

// Tx runs f in one transaction and runs it again, whole, if the database
// chose it as a victim (deadlock or lock wait); f must not keep state of a
// try that failed.
func (d *DB) Tx(ctx context.Context, f func(tx *gorm.DB) error) error {
	var err error
	for try := 0; try < 5; try++ {
		err = d.WithContext(ctx).Transaction(f)
		if !IsRetryable(err) {
			return err
		}
	}
	return err
}

// In returns d for what is done in tx, which others began.
func (d *DB) In(ctx context.Context, tx *sql.Tx) *gorm.DB {
	in := d.Session(&gorm.Session{Context: ctx, NewDB: true})
	in.Statement.ConnPool = tx
	return in
}

// Upsert returns the end of an INSERT whose rows may exist by the unique
// column key: then columns take the new values.
func (d *DB) Upsert(key string, columns ...string) string {
	head, from, to := " ON CONFLICT ("+key+") DO UPDATE SET ", "excluded.", ""
	if d.IsMySQL() {
		head, from, to = " ON DUPLICATE KEY UPDATE ", "VALUES(", ")"
	}
	set := make([]string, len(columns))
	for i, c := range columns {
		set[i] = c + " = " + from + c + to
	}
	return head + strings.Join(set, ", ")
}

// InsertIgnore begins an INSERT that leaves out rows whose key exists.
func (d *DB) InsertIgnore() string {
	if d.IsMySQL() {
		return "INSERT IGNORE INTO "
	}
	return "INSERT OR IGNORE INTO "
}
