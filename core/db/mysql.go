package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"
	"time"

	mysqldriver "github.com/go-sql-driver/mysql"
	"github.com/zeromicro/go-zero/core/logx"
	"gorm.io/driver/mysql"
	"gorm.io/gorm"
)

// MySQL error numbers, https://dev.mysql.com/doc/mysql-errors/8.0/en/.
const (
	errDuplicate = 1062
	errDupField  = 1060
	errDupKey    = 1061
	errCantDrop  = 1091
	errLockWait  = 1205
	errDeadlock  = 1213
	errNoTable   = 1146
	errTooMany   = 1040
	errShutdown  = 1053
	errReadOnly  = 1290
	errDiskFull  = 1021
	errTableFull = 1114
	errNoAccess  = 1044
	errNoUser    = 1045
	errNoDB      = 1049
	errNoVar     = 1193
)

// openMySQL opens a go-sql-driver DSN with the settings the suite relies on,
// whatever the DSN says of them.
func openMySQL(dsn string) (Opened, error) {
	cfg, err := mysqldriver.ParseDSN(dsn)
	if err != nil {
		// The parser's error may repeat the DSN: keep the password out of logs.
		return Opened{}, errors.New("TUDO_MYSQL_DSN is not a valid MySQL DSN (user:password@tcp(host:port)/database)")
	}
	if cfg.DBName == "" {
		return Opened{}, errors.New("TUDO_MYSQL_DSN names no database (user:password@tcp(host:port)/database)")
	}
	if cfg.MultiStatements {
		return Opened{}, errors.New("TUDO_MYSQL_DSN: multiStatements is refused")
	}
	cfg.ParseTime = true
	cfg.Loc = time.UTC
	cfg.InterpolateParams = true // one round trip a statement instead of three
	cfg.ClientFoundRows = true   // an update that finds its row counts it, changed or not
	cfg.Collation = ""
	if err := cfg.Apply(mysqldriver.Charset("utf8mb4", "")); err != nil {
		return Opened{}, err
	}
	bound(&cfg.Timeout, 2*time.Second)
	bound(&cfg.ReadTimeout, 10*time.Second)
	bound(&cfg.WriteTimeout, 10*time.Second)
	c, err := mysqldriver.NewConnector(cfg)
	if err != nil {
		return Opened{}, err
	}
	return Opened{
		Dialector: mysql.New(mysql.Config{
			Conn:                      sql.OpenDB(session{c}),
			SkipInitializeWithVersion: true, // opening must not need a server
		}),
		Name: fmt.Sprintf("mysql %s/%s", cfg.Addr, cfg.DBName),
	}, nil
}

func bound(d *time.Duration, most time.Duration) {
	if *d <= 0 || *d > most {
		*d = most
	}
}

// session sets up each new connection. The isolation level has another
// variable name on MySQL 8 than on MariaDB, so it cannot be a DSN parameter.
type session struct{ driver.Connector }

func (s session) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := s.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	exec, ok := conn.(driver.ExecerContext)
	if !ok {
		_ = conn.Close()
		return nil, errors.New("mysql: the driver cannot execute")
	}
	for _, stmt := range []string{
		"SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
		"SET SESSION sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', innodb_lock_wait_timeout = 5, time_zone = '+00:00'",
	} {
		if _, err := exec.ExecContext(ctx, stmt, nil); err != nil {
			_ = conn.Close()
			return nil, err
		}
	}
	return conn, nil
}

// IsRetryable reports whether the whole transaction may simply run again.
func IsRetryable(err error) bool {
	var m *mysqldriver.MySQLError
	return errors.As(err, &m) && (m.Number == errDeadlock || m.Number == errLockWait)
}

// IsUnavailable reports whether err says that the database cannot serve now,
// as opposed to a statement it refused.
func IsUnavailable(err error) bool {
	var m *mysqldriver.MySQLError
	if errors.As(err, &m) {
		switch m.Number {
		case errDeadlock, errLockWait, errTooMany, errShutdown, errReadOnly, errDiskFull, errTableFull:
			return true
		}
		return false
	}
	var n net.Error
	return errors.Is(err, driver.ErrBadConn) || errors.Is(err, mysqldriver.ErrInvalidConn) ||
		errors.Is(err, sql.ErrConnDone) || errors.Is(err, context.DeadlineExceeded) ||
		errors.Is(err, context.Canceled) || errors.As(err, &n) || isSQLiteUnavailable(err)
}

// isStranger reports whether err says that the server knows no such user,
// password or database: waiting does not mend that.
func isStranger(err error) bool {
	var m *mysqldriver.MySQLError
	return errors.As(err, &m) && (m.Number == errNoAccess || m.Number == errNoUser || m.Number == errNoDB)
}

// durable returns an error if the server may forget what it has said to be
// committed, when its machine loses power: what is acknowledged to users would
// be gone. It warns where only the binary log may lose it.
func (d *DB) durable(ctx context.Context) error {
	if !d.IsMySQL() {
		return nil // its settings are ours
	}
	var flush, binlog, sync int
	for _, v := range []struct {
		name string
		to   *int
	}{{"innodb_flush_log_at_trx_commit", &flush}, {"log_bin", &binlog}, {"sync_binlog", &sync}} {
		*v.to = 1
		err := d.WithContext(ctx).Raw("SELECT @@GLOBAL." + v.name).Row().Scan(v.to)
		var m *mysqldriver.MySQLError
		if errors.As(err, &m) && m.Number == errNoVar {
			continue // another product, with another engine
		}
		if err != nil {
			return fmt.Errorf("%s: %s: %w", d.Name, v.name, err)
		}
	}
	if flush != 1 {
		return fmt.Errorf("%s has innodb_flush_log_at_trx_commit = %d: a power cut would lose acknowledged messages; set it to 1", d.Name, flush)
	}
	if binlog == 1 && sync != 1 {
		logx.Errorf("db: %s has sync_binlog = %d: a power cut may lose acknowledged messages; set it to 1", d.Name, sync)
	}
	return nil
}

// IsDuplicate reports whether err is a row that breaks a unique key.
func IsDuplicate(err error) bool {
	var m *mysqldriver.MySQLError
	if errors.As(err, &m) {
		return m.Number == errDuplicate
	}
	return errors.Is(err, gorm.ErrDuplicatedKey) || isSQLiteUnique(err)
}

// isAltered reports whether err says of an ALTER TABLE or a CREATE INDEX that
// it has taken place already. Such a statement is alone in its migration.
func isAltered(err error) bool {
	var m *mysqldriver.MySQLError
	return errors.As(err, &m) && (m.Number == errDupField || m.Number == errDupKey || m.Number == errCantDrop)
}

// IsLost reports whether the connection went while err's statement ran, so
// that a new one may do better.
func IsLost(err error) bool {
	return errors.Is(err, driver.ErrBadConn) || errors.Is(err, mysqldriver.ErrInvalidConn)
}

// isSQLiteUnavailable knows the primary result codes of a file that somebody
// else holds, that cannot be written or read, and of a full disk.
func isSQLiteUnavailable(err error) bool {
	var c interface{ Code() int }
	if !errors.As(err, &c) {
		return false
	}
	switch c.Code() & 0xff {
	case 5, 6, 8, 10, 13, 14: // BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN
		return true
	}
	return false
}

// isSQLiteUnique knows SQLite's extended result codes for a broken primary or
// unique key (https://sqlite.org/rescode.html) without linking SQLite.
func isSQLiteUnique(err error) bool {
	var c interface{ Code() int }
	return errors.As(err, &c) && (c.Code() == 1555 || c.Code() == 2067)
}
