package e2e

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"tudoIM/core/db"
	_ "tudoIM/core/db/dbtest" // opens SQLite, too
	"tudoIM/core/embedded"
	"tudoIM/test/client"
	"tudoIM/test/suite"
)

// open opens the suite's database behind its back.
func open(t *testing.T, s *suite.Suite) *db.DB {
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

// inDatabase runs a statement behind the suite's back: for what no route does.
func inDatabase(t *testing.T, s *suite.Suite, statement string, args ...any) {
	t.Helper()
	if done := open(t, s).WithContext(ctx(t)).Exec(statement, args...); done.Error != nil || done.RowsAffected != 1 {
		t.Fatalf("%s: %d rows, %v", statement, done.RowsAffected, done.Error)
	}
}

// blurred are tables that refusals do change: tries are counted and written
// down.
var blurred = []string{"audit_models", "attempt_models", "group_try_models"}

// isUser are the columns that hold a user's id; id is one of user_models.
var isUser = []string{"user_id", "send_user_id", "rev_user_id", "low_user_id", "high_user_id", "top_user_id", "inviter_id", "creator"}

// photograph returns every row of the database that is about users, as text in
// one order: what two photographs share has not changed. When a session was
// last seen is left out.
func photograph(t *testing.T, s *suite.Suite, users ...*client.Client) []string {
	t.Helper()
	ids := make([]uint64, len(users))
	for i, u := range users {
		ids[i] = u.UserID
	}
	d := open(t, s)
	var photo []string
	for table, columns := range shapes.of(t, s, d) {
		photo = append(photo, rowsOf(t.Context(), t, d, table, columns, ids)...)
	}
	slices.Sort(photo)
	return photo
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

func (l *looked) of(t *testing.T, s *suite.Suite, d *db.DB) shape {
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
func userColumns(t *testing.T, d *db.DB, table string) (found []string) {
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

func rowsOf(ctx context.Context, t *testing.T, d *db.DB, table string, columns []string, ids []uint64) (rows []string) {
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

// unchanged fails if the photographs before and after differ.
func unchanged(t *testing.T, what string, before, after []string) {
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

func TestAPhotographShowsEverythingAboutUsers(t *testing.T) {
	both(t, func(t *testing.T, s *suite.Suite) {
		ann, bob := friends(t, s)
		before := photograph(t, s, ann, bob)
		for _, table := range []string{"user_models", "user_conf_models", "friend_models", "friend_verify_models", "session_models", "conversation_models"} {
			if !slices.ContainsFunc(before, func(row string) bool { return strings.HasPrefix(row, table+" ") }) {
				t.Errorf("nothing of %s", table)
			}
		}
		unchanged(t, "nothing", before, photograph(t, s, ann, bob))
		must(t, "remark", remark(t, ann, bob.UserID, "pal"))
		if after := photograph(t, s, ann, bob); slices.Equal(before, after) {
			t.Error("a change is not seen")
		}
	})
}
