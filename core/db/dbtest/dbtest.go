// Package dbtest opens real databases for tests of rpc halves: a SQLite file
// and a MariaDB server. It is imported by tests only.
package dbtest

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"gorm.io/gorm"

	"tudoIM/core/db"
	"tudoIM/core/embedded"
	"tudoIM/test/suite"
)

// conns bounds the connections of one test's MySQL pool: the server admits
// 500, and many tests run beside each other.
const conns = 16

func init() {
	db.RegisterDialect("sqlite", func(file string) (db.Opened, error) {
		d, err := embedded.SQLite(file)
		return db.Opened{Dialector: d, Name: "sqlite " + file}, err
	})
}

// Each runs f as two parallel subtests, on an empty SQLite and an empty
// MariaDB that have the tables of ms.
func Each(t *testing.T, f func(t *testing.T, d *db.DB), ms ...db.Migration) {
	t.Helper()
	for name, open := range dialects {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f(t, open(t, ms...))
		})
	}
}

var dialects = map[string]func(t testing.TB, ms ...db.Migration) *db.DB{"sqlite": SQLite, "mysql": MySQL}

// SQLite returns a database of its own with the tables of ms.
func SQLite(t testing.TB, ms ...db.Migration) *db.DB {
	t.Helper()
	return open(t, "sqlite:"+filepath.Join(t.TempDir(), "test.db"), ms)
}

// MySQL returns a database of its own with the tables of ms, on a MariaDB
// that the tests of this binary share. A short run leaves the test out.
func MySQL(t testing.TB, ms ...db.Migration) *db.DB {
	t.Helper()
	suite.Need(t, suite.RequireMariaDB)
	return open(t, shared.database(t), ms)
}

func open(t testing.TB, dsn string, ms []db.Migration) *db.DB {
	t.Helper()
	d, err := db.Open(dsn, conns)
	if err != nil {
		t.Fatal(err)
	}
	pool, err := d.DB.DB()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pool.Close() })
	for _, m := range ms {
		if _, err := m.Up(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

// server is a MariaDB that runs while a test uses it.
type server struct {
	mu    sync.Mutex
	dir   string
	maria *suite.MariaDB
	users int
	made  int
}

var shared server

// database makes an empty database and returns its DSN.
func (s *server) database(t testing.TB) string {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.users == 0 {
		if err := s.start(); err != nil {
			t.Fatal(err)
		}
	}
	s.users++
	t.Cleanup(s.leave)
	s.made++
	dsn, err := s.maria.NewDatabase(fmt.Sprintf("test_%d", s.made))
	if err != nil {
		t.Fatal(err)
	}
	return dsn
}

func (s *server) start() (err error) {
	if s.dir, err = os.MkdirTemp("", "dbtest"); err != nil {
		return err
	}
	if s.maria, err = suite.StartMariaDB(s.dir); err != nil {
		_ = os.RemoveAll(s.dir)
	}
	return err
}

// leave stops the server behind its last user, for nothing runs at the end of
// a test binary that could.
func (s *server) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.users--; s.users == 0 {
		s.maria.Close()
		_ = os.RemoveAll(s.dir)
	}
}

// Schema checks m on both dialects: it may run several times at once and
// again, and has a column for every field of models and no other column.
func Schema(t *testing.T, m db.Migration, models ...any) {
	t.Helper()
	Each(t, func(t *testing.T, d *db.DB) {
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() {
				if _, err := m.Up(t.Context(), d); err != nil {
					t.Errorf("up at the same time: %v", err)
				}
			})
		}
		wg.Wait()
		if done, err := m.Up(t.Context(), d); err != nil || len(done) > 0 {
			t.Errorf("up again: did %q, error %v", done, err)
		}
		if err := m.Check(t.Context(), d); err != nil {
			t.Error(err)
		}
		for _, model := range models {
			columns(t, d, model)
		}
	})
}

func columns(t *testing.T, d *db.DB, model any) {
	t.Helper()
	stmt := &gorm.Statement{DB: d.DB}
	if err := stmt.Parse(model); err != nil {
		t.Error(err)
		return
	}
	have, err := d.Migrator().ColumnTypes(model)
	if err != nil {
		t.Errorf("%s: %v", stmt.Table, err)
		return
	}
	var extra []string
	for _, c := range have {
		extra = append(extra, c.Name())
	}
	for _, name := range stmt.Schema.DBNames {
		if !slices.Contains(extra, name) {
			t.Errorf("%s has no column %s", stmt.Table, name)
		}
		extra = slices.DeleteFunc(extra, func(c string) bool { return c == name })
	}
	if len(extra) > 0 {
		t.Errorf("%s has columns without a field: %v", stmt.Table, extra)
	}
}
