// Package embedded runs inside this process what a full installation runs
// beside it: SQLite for MySQL, a Redis in memory and an etcd of one member.
// Only the root main and tests import it.
package embedded

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/glebarez/sqlite"
	"gorm.io/gorm"
)

// readers is how many statements read at the same time; more wait their turn.
const readers = 16

// writers has one gate for each database file of this process, however often
// the file is opened.
var writers sync.Map

// SQLite opens file, creating it with mode 0600, as a database for GORM.
//
// Write transactions, and statements that write outside of one, run one at a
// time in the order they came, over all pools of this process on the same
// file; one that waits gives up when its context ends. Reads go on meanwhile
// and see what is committed. A goroutine inside a write transaction may read
// through the pool, but must not write through it: that waits for itself.
//
// What was committed survives a crash of the machine. Times are stored in UTC.
// The pool needs no limit on open connections: one that waits costs no more
// than its goroutine, and a limit would let waiting writers keep out readers.
func SQLite(file string) (gorm.Dialector, error) {
	pool, err := openSQLite(file)
	if err != nil {
		return nil, fmt.Errorf("sqlite %s: %w", file, err)
	}
	return &sqlite.Dialector{Conn: pool}, nil
}

func openSQLite(file string) (*sql.DB, error) {
	path, err := create(file)
	if err != nil {
		return nil, err
	}
	// Importing glebarez/sqlite registered the driver; its type has no exported
	// value. Opening does not connect.
	probe, err := sql.Open(sqlite.DriverName, "")
	if err != nil {
		return nil, err
	}
	defer func() { _ = probe.Close() }()

	writer, _ := writers.LoadOrStore(path, newGate(1))
	s := &store{
		driver: probe.Driver(),
		dsn:    dsn(path),
		writer: writer.(*gate),
		reader: newGate(readers),
	}
	// The first handle switches the file to WAL, before others could meet it
	// half way, and shows now whether the file can be used.
	h, err := s.take()
	if err != nil {
		return nil, err
	}
	s.give(h)

	pool := sql.OpenDB(s)
	pool.SetMaxIdleConns(readers)
	return pool, nil
}

// create makes the file, if it is not there, readable by its owner only;
// SQLite gives its -wal and -shm files the same mode. The path it returns is
// the same for every name of the file but a hard link.
func create(file string) (string, error) {
	if file == "" || strings.HasPrefix(file, ":") {
		return "", errors.New("a file is needed, not a database in memory")
	}
	path, err := filepath.Abs(file)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600) // #nosec G304 -- the database, named by the operator
	if err != nil {
		return "", err
	}
	if err := f.Close(); err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(path)
}

func dsn(path string) string {
	options := url.Values{
		"_pragma": {
			"busy_timeout(5000)", // for other processes on the same file
			"journal_mode(WAL)",
			"synchronous(FULL)",
			"foreign_keys(1)",
			"journal_size_limit(67108864)",
		},
		// Without it a transaction that reads before it writes fails with BUSY
		// instead of waiting. Read-only transactions are begun deferred.
		"_txlock": {"immediate"},
	}
	return (&url.URL{Scheme: "file", Path: path, RawQuery: options.Encode()}).String()
}

// store hands out SQLite handles. A handle is one open database connection;
// idle ones are kept for the next.
type store struct {
	driver driver.Driver
	dsn    string
	writer *gate
	reader *gate

	mu     sync.Mutex
	idle   []handle
	closed bool
}

func (s *store) take() (handle, error) {
	s.mu.Lock()
	if n := len(s.idle); n > 0 {
		h := s.idle[n-1]
		s.idle = s.idle[:n-1]
		s.mu.Unlock()
		return h, nil
	}
	s.mu.Unlock()

	c, err := s.driver.Open(s.dsn)
	if err != nil {
		return nil, err
	}
	h, ok := c.(handle)
	if !ok {
		_ = c.Close()
		return nil, fmt.Errorf("driver connection %T lacks a method", c)
	}
	return h, nil
}

func (s *store) give(h handle) {
	s.mu.Lock()
	keep := !s.closed && len(s.idle) <= readers
	if keep {
		s.idle = append(s.idle, h)
	}
	s.mu.Unlock()
	if !keep {
		_ = h.Close()
	}
}

// Close is called by sql.DB.Close.
func (s *store) Close() error {
	s.mu.Lock()
	idle := s.idle
	s.idle, s.closed = nil, true
	s.mu.Unlock()

	var err error
	for _, h := range idle {
		err = errors.Join(err, h.Close())
	}
	return err
}
