// Package photo shows what a running suite keeps, rows and files, as text that
// two looks can be compared by: what hostile input must leave alone.
package photo

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"tudoIM/core/db"
	_ "tudoIM/core/db/dbtest" // opens SQLite, too
	"tudoIM/core/embedded"
	"tudoIM/test/suite"
)

// Leaks are what no answer to bad input may hold: words of our insides.
var Leaks = regexp.MustCompile(`(?i)sql|select |gorm|goroutine|\.go:|runtime error|user_models|/(home|root|tmp)/|panic`)

// Open opens the suite's database behind its back.
func Open(t testing.TB, s *suite.Suite) *db.DB {
	t.Helper()
	dsn := embedded.SQLiteDSN(filepath.Join(s.Dir, "data"))
	if s.Mode == suite.Many {
		dsn = s.MariaDB.DSN()
	}
	d, err := db.Open(dsn, 4)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// blurred are tables that refusals do change: tries are counted and written
// down.
var blurred = []string{"audit_models", "attempt_models", "group_try_models"}

// isUser are the columns that hold a user's id; id is one of user_models.
var isUser = []string{"user_id", "send_user_id", "rev_user_id", "low_user_id", "high_user_id", "top_user_id", "inviter_id", "creator"}

// Of returns every row of the database that is about users, as text in one
// order: what two photographs share has not changed. When a session was last
// seen is left out.
func Of(t testing.TB, s *suite.Suite, users ...uint64) []string {
	t.Helper()
	d := Open(t, s)
	var photo []string
	for table, columns := range shapes.of(t, s, d) {
		photo = append(photo, rowsOf(t.Context(), t, d, table, columns, users)...)
	}
	slices.Sort(photo)
	return photo
}

// Files returns the files below dir, with their sizes; a dir that is not there
// has none.
func Files(t testing.TB, dir string) (found []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // it went meanwhile
		}
		if err != nil || e.IsDir() {
			return err
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err == nil {
			found = append(found, fmt.Sprint(path, " ", info.Size()))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// Unchanged fails if what was there before and after differs.
func Unchanged(t testing.TB, what string, before, after []string) {
	t.Helper()
	for _, row := range before {
		if !slices.Contains(after, row) {
			t.Errorf("%s: no longer there: %s", what, row)
		}
	}
	for _, row := range after {
		if !slices.Contains(before, row) {
			t.Errorf("%s: new: %s", what, row)
		}
	}
}

// shape is what has to be known of a suite's tables: the columns of each that
// hold users' ids.
type shape map[string][]string

// looked keeps the shapes of suites. Each is looked up once: MariaDB 10.11 has
// been seen to crash over its information_schema when many ask at once.
type looked struct {
	mu sync.Mutex
	by map[*suite.Suite]shape
}

var shapes = looked{by: map[*suite.Suite]shape{}}

func (l *looked) of(t testing.TB, s *suite.Suite, d *db.DB) shape {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	if known := l.by[s]; known != nil {
		return known
	}
	list := "SELECT name FROM sqlite_master WHERE type = 'table'"
	if d.IsMySQL() {
		list = "SHOW TABLES"
	}
	var tables []string
	if err := d.WithContext(t.Context()).Raw(list).Scan(&tables).Error; err != nil {
		t.Fatal(err)
	}
	found := shape{}
	for _, table := range tables {
		if !strings.HasSuffix(table, "_models") || slices.Contains(blurred, table) {
			continue
		}
		if columns := userColumns(t, d, table); len(columns) > 0 {
			found[table] = columns
		}
	}
	l.by[s] = found
	return found
}

// userColumns are the columns of table that hold users' ids.
func userColumns(t testing.TB, d *db.DB, table string) (found []string) {
	t.Helper()
	rows, err := d.WithContext(t.Context()).Raw("SELECT * FROM " + table + " LIMIT 0").Rows()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil || rows.Err() != nil {
		t.Fatal(err, rows.Err())
	}
	for _, c := range columns {
		if slices.Contains(isUser, c) || table == "user_models" && c == "id" {
			found = append(found, c)
		}
	}
	return found
}

func rowsOf(ctx context.Context, t testing.TB, d *db.DB, table string, columns []string, ids []uint64) (rows []string) {
	t.Helper()
	find := d.WithContext(ctx).Table(table)
	for _, c := range columns {
		find = find.Or(c+" IN ?", ids)
	}
	var found []map[string]any
	if err := find.Find(&found).Error; err != nil {
		t.Fatalf("%s: %v", table, err)
	}
	for _, row := range found {
		if table == "session_models" {
			delete(row, "last_active_at")
			delete(row, "updated_at")
		}
		for name, v := range row {
			if b, ok := v.([]byte); ok {
				row[name] = string(b)
			}
		}
		rows = append(rows, fmt.Sprint(table, " ", row)) // fmt sorts the keys
	}
	return rows
}
