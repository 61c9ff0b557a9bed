package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"go.etcd.io/etcd/client/pkg/v3/fileutil"
)

// lockWait is how long one migration waits for another that runs elsewhere.
const lockWait = 60 // seconds

var (
	// ErrSchema says that the tables are not there or older than this binary.
	ErrSchema = errors.New("the tables are not up to date: run `go run main.go -db`")
	// ErrNewer says that a newer binary has upgraded the tables already.
	ErrNewer = errors.New("the tables are newer than this binary: start the newer one")
)

// Migration is the schema of one half: SQL in files/mysql and files/sqlite,
// its version kept in a table of its own.
type Migration struct {
	// Half is the folder name of the rpc half.
	Half  string
	Files fs.FS
}

// Up creates or upgrades the half's tables and returns what it did, a line
// each. It may run twice, and at the same time from two places.
func (m Migration) Up(ctx context.Context, d *DB) ([]string, error) {
	p, err := m.provider(d)
	if err != nil {
		return nil, err
	}
	var done []string
	for {
		results, err := p.Up(ctx)
		var cut *goose.PartialError
		if errors.As(err, &cut) {
			results = cut.Applied
		}
		for _, r := range results {
			done = append(done, fmt.Sprintf("%s: %s", m.Half, path.Base(r.Source.Path)))
		}
		if err == nil {
			return done, nil
		}
		if cut == nil || !isAltered(err) {
			return done, fmt.Errorf("%s: %s: %w", m.Half, d.Name, err)
		}
		if err := m.record(ctx, d, cut.Failed.Source.Version); err != nil {
			return done, fmt.Errorf("%s: %s: %w", m.Half, d.Name, err)
		}
	}
}

// record writes down that version is applied. MySQL commits an ALTER TABLE by
// itself, so one that was cut short behind it has the change and no row; run
// again, it only says that the change is there.
func (m Migration) record(ctx context.Context, d *DB, version int64) error {
	return d.WithContext(ctx).Exec("INSERT INTO "+m.table()+" (version_id, is_applied) SELECT ?, TRUE FROM DUAL"+
		" WHERE NOT EXISTS (SELECT 1 FROM "+m.table()+" WHERE version_id = ?)", version, version).Error
}

// Check returns ErrSchema if the tables are not there or older than this
// binary, ErrNewer if they are newer.
func (m Migration) Check(ctx context.Context, d *DB) error {
	newest, err := m.newest(d)
	if err != nil {
		return err
	}
	var at int64
	row := d.WithContext(ctx).Raw("SELECT COALESCE(MAX(version_id), 0) FROM " + m.table() + " WHERE is_applied").Row()
	if err := row.Scan(&at); err != nil {
		if IsUnavailable(err) {
			return fmt.Errorf("%s: %w", d.Name, err)
		}
		return fmt.Errorf("%s in %s: %w", m.Half, d.Name, ErrSchema) // no version table yet
	}
	why := ErrSchema
	switch {
	case at == newest:
		return nil
	case at > newest:
		why = ErrNewer
	}
	return fmt.Errorf("%s in %s has version %d, this binary %d: %w", m.Half, d.Name, at, newest, why)
}

// newest is the highest version there is. Numbers may be left out: what is
// made side by side takes them from ranges of its own.
func (m Migration) newest(d *DB) (version int64, err error) {
	sources, err := fs.Glob(m.Files, path.Join(m.folder(d), "*.sql"))
	if err != nil {
		return 0, err
	}
	for _, s := range sources {
		n, err := goose.NumericComponent(s)
		if err != nil {
			return 0, fmt.Errorf("%s: %s: %w", m.Half, s, err)
		}
		version = max(version, n)
	}
	return version, nil
}

func (m Migration) table() string { return m.Half + "_schema_version" }

func (m Migration) folder(d *DB) string {
	if d.IsMySQL() {
		return "mysql"
	}
	return "sqlite"
}

func (m Migration) provider(d *DB) (*goose.Provider, error) {
	pool, err := d.DB.DB()
	if err != nil {
		return nil, err
	}
	files, err := fs.Sub(m.Files, m.folder(d))
	if err != nil {
		return nil, err
	}
	dialect, locker := goose.DialectSQLite3, lock.SessionLocker(&fileLock{})
	if d.IsMySQL() {
		dialect, locker = goose.DialectMySQL, nameLock{m.table()}
	}
	return goose.NewProvider(dialect, pool, files,
		goose.WithTableName(m.table()), goose.WithDisableGlobalRegistry(true),
		goose.WithSessionLocker(locker))
}

// nameLock is MySQL's advisory lock, held by the migrating connection. Under
// it the version table is made, too.
type nameLock struct{ versions string }

// SessionLock implements lock.SessionLocker.
func (l nameLock) SessionLock(ctx context.Context, conn *sql.Conn) error {
	var got sql.NullInt64
	// The driver's read timeout is shorter than a migration elsewhere may take: ask in short turns.
	for end := time.Now().Add(lockWait * time.Second); time.Now().Before(end); {
		if err := conn.QueryRowContext(ctx, "SELECT GET_LOCK(CONCAT('tudoim_', DATABASE()), 5)").Scan(&got); err != nil {
			return err
		}
		if got.Int64 == 1 {
			return l.first(ctx, conn)
		}
	}
	return errors.New("another migration holds the lock")
}

// first makes the version table with its first row, in the form goose gives
// them. MySQL commits a CREATE TABLE by itself; goose, whose INSERT of the row
// then fails or is never reached, finds the table later and gives up on it
// ("missing zero version"). These two statements may be repeated.
func (l nameLock) first(ctx context.Context, conn *sql.Conn) error {
	for _, statement := range []string{
		"CREATE TABLE IF NOT EXISTS " + l.versions + " (id SERIAL NOT NULL, version_id BIGINT NOT NULL," +
			" is_applied BOOLEAN NOT NULL, tstamp TIMESTAMP NULL DEFAULT NOW(), PRIMARY KEY (id))",
		"INSERT INTO " + l.versions + " (version_id, is_applied) SELECT 0, TRUE FROM DUAL" +
			" WHERE NOT EXISTS (SELECT 1 FROM " + l.versions + ")",
	} {
		err := errors.New("not tried")
		for try := 0; err != nil && try < 3; try++ {
			_, err = conn.ExecContext(ctx, statement)
		}
		if err != nil {
			return errors.Join(fmt.Errorf("%s: %w", l.versions, err), l.SessionUnlock(ctx, conn))
		}
	}
	return nil
}

// SessionUnlock implements lock.SessionLocker.
func (nameLock) SessionUnlock(ctx context.Context, conn *sql.Conn) error {
	var got sql.NullInt64
	return conn.QueryRowContext(ctx, "SELECT RELEASE_LOCK(CONCAT('tudoim_', DATABASE()))").Scan(&got)
}

// fileLock is for SQLite, which has no advisory lock: a lock on a file beside
// the database, which the system lets go when the process ends.
type fileLock struct{ held *fileutil.LockedFile }

func (l *fileLock) SessionLock(ctx context.Context, conn *sql.Conn) error {
	var seq int
	var name, file string
	if err := conn.QueryRowContext(ctx, "PRAGMA database_list").Scan(&seq, &name, &file); err != nil {
		return err
	}
	if file == "" {
		return nil // in memory: nobody else can have it
	}
	f, err := fileutil.LockFile(file+".migrate", os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	l.held = f
	return nil
}

func (l *fileLock) SessionUnlock(context.Context, *sql.Conn) error {
	if l.held == nil {
		return nil
	}
	return l.held.Close()
}
