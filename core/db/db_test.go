package db_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	mysqldriver "github.com/go-sql-driver/mysql"
	"gorm.io/gorm"

	"tudoIM/core/db"
	"tudoIM/core/db/dbtest"
	"tudoIM/test/suite"
)

// Row is a table with a primary key, a unique one and one that must be set.
type Row struct {
	ID   uint64
	Name string
	N    int64
}

func script(text string) *fstest.MapFile {
	return &fstest.MapFile{Data: []byte("-- +goose Up\n" + text + "\n")}
}

// steps are the files of migration n and those before it.
func steps(n int) fs.FS {
	files := fstest.MapFS{}
	for i, text := range []string{
		"CREATE TABLE IF NOT EXISTS rows_ (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(20) NOT NULL, n BIGINT NOT NULL)",
		"CREATE UNIQUE INDEX uk_name ON rows_ (name)",
		"ALTER TABLE rows_ ADD COLUMN later INT NOT NULL DEFAULT 0",
	}[:n] {
		for _, dialect := range []string{"mysql", "sqlite"} {
			files[fmt.Sprintf("%s/%05d_step.sql", dialect, i+1)] = script(text + ";")
		}
	}
	return files
}

func migration(n int) db.Migration { return db.Migration{Half: "test_rpc", Files: steps(n)} }

func (Row) TableName() string { return "rows_" }

func TestCheckSaysWhatIsWrongWithTheTables(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		check := func(n int, want error, words ...string) {
			t.Helper()
			err := migration(n).Check(t.Context(), d)
			if !errors.Is(err, want) || (err == nil) != (want == nil) {
				t.Errorf("a binary of %d steps: %v, want %v", n, err, want)
			}
			for _, w := range append(words, "test_rpc") {
				if err != nil && !strings.Contains(err.Error(), w) {
					t.Errorf("%q does not say %q", err, w)
				}
			}
		}
		check(1, db.ErrSchema, "go run main.go -db", d.Name)
		if done, err := migration(2).Up(t.Context(), d); err != nil || len(done) != 2 || !strings.HasPrefix(done[0], "test_rpc: 00001") {
			t.Fatalf("did %q, %v", done, err)
		}
		check(2, nil)
		check(3, db.ErrSchema, "go run main.go -db", "version 2", "binary 3")
		check(1, db.ErrNewer, "version 2", "binary 1", "newer")
		if done, err := migration(1).Up(t.Context(), d); err != nil || len(done) != 0 {
			t.Errorf("the older one did %q, %v", done, err)
		}
		if done, err := migration(3).Up(t.Context(), d); err != nil || len(done) != 1 {
			t.Errorf("the newer one did %q, %v", done, err)
		}
		check(3, nil)
		other := db.Migration{Half: "other_rpc", Files: steps(1)}
		if err := other.Check(t.Context(), d); !errors.Is(err, db.ErrSchema) {
			t.Errorf("a half whose tables are not there: %v", err)
		}
	})
}

func TestAMigrationThatFailsSaysWhereAndGoesOnLater(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		files := maps.Clone(steps(1).(fstest.MapFS))
		for _, dialect := range []string{"mysql", "sqlite"} {
			files[dialect+"/00002_step.sql"] = script("ALTER TABLE none ADD COLUMN x INT;")
		}
		broken := db.Migration{Half: "test_rpc", Files: files}
		if _, err := broken.Up(t.Context(), d); err == nil || !strings.Contains(err.Error(), "test_rpc") || !strings.Contains(err.Error(), d.Name) {
			t.Fatalf("%v", err)
		}
		if err := broken.Check(t.Context(), d); !errors.Is(err, db.ErrSchema) {
			t.Errorf("half way: %v", err)
		}
		if _, err := migration(3).Up(t.Context(), d); err != nil {
			t.Errorf("mended: %v", err)
		}
		if err := migration(3).Check(t.Context(), d); err != nil {
			t.Error(err)
		}
	})
}

// verdict is what the three judges say of an error.
type verdict struct{ duplicate, retryable, unavailable bool }

func judge(err error) verdict {
	return verdict{db.IsDuplicate(err), db.IsRetryable(err), db.IsUnavailable(err)}
}

func expect(t *testing.T, name string, err error, want verdict) {
	t.Helper()
	if err == nil {
		t.Errorf("%s: no error", name)
		return
	}
	for how, err := range map[string]error{"plain": err, "wrapped": fmt.Errorf("row: %w", err)} {
		if got := judge(err); got != want {
			t.Errorf("%s, %s: %+v, want %+v: %v", name, how, got, want, err)
		}
	}
}

func TestErrorsOfBothDialects(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		create := func(r Row) error { return d.WithContext(ctx).Create(&r).Error }
		if err := create(Row{1, "a", 0}); err != nil {
			t.Fatal(err)
		}
		duplicate, none := verdict{duplicate: true}, verdict{}
		expect(t, "the primary key twice", create(Row{1, "b", 0}), duplicate)
		expect(t, "the unique key twice", create(Row{2, "a", 0}), duplicate)
		expect(t, "the unique key twice, raw", d.WithContext(ctx).Exec("INSERT INTO rows_ (id, name, n) VALUES (3, 'a', 0)").Error, duplicate)
		pool, err := d.DB.DB()
		if err != nil {
			t.Fatal(err)
		}
		_, err = pool.ExecContext(ctx, "INSERT INTO rows_ (id, name, n) VALUES (4, 'a', 0)")
		expect(t, "the unique key twice, without gorm", err, duplicate)
		expect(t, "a table that is not there", d.WithContext(ctx).Exec("INSERT INTO none VALUES (1)").Error, none)
		expect(t, "no SQL", d.WithContext(ctx).Exec("SELEC").Error, none)
		expect(t, "null", d.WithContext(ctx).Exec("INSERT INTO rows_ (id, name, n) VALUES (5, NULL, 0)").Error, none)
		expect(t, "no such row", d.WithContext(ctx).Take(&Row{}, 99).Error, none)
		over, cancel := context.WithCancel(ctx)
		cancel()
		expect(t, "a context that is over", d.WithContext(over).Take(&Row{}, 1).Error, verdict{unavailable: true})
		if err := pool.Close(); err != nil {
			t.Fatal(err)
		}
	}, migration(2))
	if judge(nil) != (verdict{}) || judge(errors.New("x")) != (verdict{}) {
		t.Error("what is no error of a database")
	}
}

func TestErrorsOfMySQL(t *testing.T) {
	t.Parallel()
	d := dbtest.MySQL(t, migration(2))
	for number, want := range map[uint16]verdict{
		1062: {duplicate: true}, 1213: {retryable: true, unavailable: true}, 1205: {retryable: true, unavailable: true},
		1040: {unavailable: true}, 1053: {unavailable: true}, 1290: {unavailable: true}, 1021: {unavailable: true}, 1114: {unavailable: true},
		1146: {}, 1064: {}, 1406: {}, 1048: {},
	} {
		expect(t, fmt.Sprint("error ", number), &mysqldriver.MySQLError{Number: number}, want)
	}
	expect(t, "a text too long", d.WithContext(t.Context()).Create(&Row{9, strings.Repeat("x", 21), 0}).Error, verdict{})
	expect(t, "nobody listens", awaitNothing(t), verdict{unavailable: true})

	// A lock that is not given: the second transaction waits and gives up.
	if err := d.Create(&Row{1, "a", 0}).Error; err != nil {
		t.Fatal(err)
	}
	first := d.WithContext(t.Context()).Begin()
	defer first.Rollback()
	if err := first.Exec("UPDATE rows_ SET n = 1 WHERE id = 1").Error; err != nil {
		t.Fatal(err)
	}
	err := d.WithContext(t.Context()).Transaction(func(tx *gorm.DB) error {
		if err := tx.Exec("SET SESSION innodb_lock_wait_timeout = 1").Error; err != nil {
			return err
		}
		return tx.Exec("UPDATE rows_ SET n = 2 WHERE id = 1").Error
	})
	expect(t, "a lock that is not given", err, verdict{retryable: true, unavailable: true})
}

// awaitNothing is the error of a server that is not there.
func awaitNothing(t *testing.T) error {
	t.Helper()
	d, err := db.Open("tudo:hunter2@tcp(127.0.0.1:1)/none", 1)
	if err != nil {
		t.Fatal(err)
	}
	err = d.Ready(t.Context())
	if err != nil && strings.Contains(err.Error(), "hunter2") {
		t.Errorf("%v tells the password", err)
	}
	if err := migration(1).Check(t.Context(), d); errors.Is(err, db.ErrSchema) {
		t.Errorf("a server that is away has no tables: %v", err)
	}
	return err
}

func TestErrorsOfSQLite(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, migration(2))
	conn, err := d.DB.DB()
	if err != nil {
		t.Fatal(err)
	}
	// A file that may not grow answers as a full disk does.
	tx, err := conn.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.ExecContext(t.Context(), "PRAGMA max_page_count = 1"); err != nil {
		t.Fatal(err)
	}
	for i := 10; err == nil && i < 10_000; i++ {
		_, err = tx.ExecContext(t.Context(), "INSERT INTO rows_ (id, name, n) VALUES (?, ?, 0)", i, strings.Repeat("x", 1000)+fmt.Sprint(i))
	}
	expect(t, "a full disk", err, verdict{unavailable: true})
}

func TestTxRunsVictimsAgain(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		victim := &mysqldriver.MySQLError{Number: 1213}
		tries := 0
		err := d.Tx(t.Context(), func(tx *gorm.DB) error {
			tries++
			if err := tx.Create(&Row{uint64(tries), fmt.Sprint(tries), 0}).Error; err != nil {
				return err
			}
			if tries < 3 {
				return fmt.Errorf("victim: %w", victim)
			}
			return nil
		})
		var rows []Row
		if e := d.Find(&rows).Error; err != nil || e != nil || tries != 3 || len(rows) != 1 || rows[0].ID != 3 {
			t.Errorf("%d tries, %v, left %v, %v", tries, err, rows, e)
		}
		tries = 0
		if err := d.Tx(t.Context(), func(*gorm.DB) error { tries++; return victim }); !errors.Is(err, victim) || tries != 5 {
			t.Errorf("always a victim: %d tries, %v", tries, err)
		}
		tries = 0
		other := errors.New("refused")
		if err := d.Tx(t.Context(), func(*gorm.DB) error { tries++; return other }); !errors.Is(err, other) || tries != 1 {
			t.Errorf("another error: %d tries, %v", tries, err)
		}
	}, migration(2))
}

func TestTransfersSurviveDeadlocks(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for id := uint64(1); id <= 2; id++ {
			if err := d.Create(&Row{id, fmt.Sprint(id), 100}).Error; err != nil {
				t.Fatal(err)
			}
		}
		// Two directions lock the two rows in two orders: a deadlock is sure to
		// come, and has to end in a new try rather than in a lost transfer.
		add := func(tx *gorm.DB, id, n int) error {
			return tx.Exec("UPDATE rows_ SET n = n + ? WHERE id = ?", n, id).Error
		}
		var wg sync.WaitGroup
		for _, pair := range [][2]int{{1, 2}, {2, 1}} {
			wg.Go(func() {
				for range 30 {
					err := d.Tx(t.Context(), func(tx *gorm.DB) error {
						if err := add(tx, pair[0], -1); err != nil {
							return err
						}
						return add(tx, pair[1], 1)
					})
					if err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		wg.Wait()
		var rows []Row
		if err := d.Order("id").Find(&rows).Error; err != nil || rows[0].N != 100 || rows[1].N != 100 {
			t.Errorf("%v, %v", rows, err)
		}
	}, migration(2))
}

func TestUpsert(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for _, r := range []Row{{1, "a", 1}, {2, "a", 2}, {3, "b", 3}} {
			if err := d.Exec("INSERT INTO rows_ (id, name, n) VALUES (?, ?, ?)"+d.Upsert("name", "n"), r.ID, r.Name, r.N).Error; err != nil {
				t.Fatal(err)
			}
		}
		var rows []Row
		if err := d.Order("id").Find(&rows).Error; err != nil || len(rows) != 2 || rows[0] != (Row{1, "a", 2}) || rows[1] != (Row{3, "b", 3}) {
			t.Errorf("%v, %v", rows, err)
		}
	}, migration(2))
}

func TestClockTellsTheDatabasesTime(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		// The servers of this test share the machine's clock.
		before := time.Now().Add(-2 * time.Second)
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				last := time.Time{}
				for range 100 {
					now := d.Clock.Now(t.Context())
					if now.Before(last) {
						t.Errorf("%v, then %v", last, now)
					}
					last = now
				}
				if last.Before(before) || last.After(time.Now().Add(2*time.Second)) {
					t.Errorf("%v is not the time", last)
				}
			})
		}
		wg.Wait()
		if ms := d.Clock.Milli(t.Context()); ms < before.UnixMilli() || ms > time.Now().Add(2*time.Second).UnixMilli() {
			t.Errorf("%d ms", ms)
		}
		pool, err := d.DB.DB()
		if err != nil {
			t.Fatal(err)
		}
		was := d.Clock.Now(t.Context())
		if err := pool.Close(); err != nil {
			t.Fatal(err)
		}
		if now := d.Clock.Now(t.Context()); now.Before(was) {
			t.Errorf("without its database the clock says %v after %v", now, was)
		}
	})
	away, err := db.Open("tudo:x@tcp(127.0.0.1:1)/clock", 1)
	if err != nil {
		t.Fatal(err)
	}
	if now := away.Clock.Now(t.Context()); time.Since(now).Abs() > time.Minute {
		t.Errorf("without a first reading it says %v", now)
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	for dsn, words := range map[string]string{
		"":                                  "TUDO_MYSQL_DSN",
		"tudo:hunter2@tcp(127.0.0.1:3306":   "not a valid MySQL DSN",
		"tudo:hunter2@tcp(127.0.0.1:3306)/": "names no database",
		"tudo:hunter2@tcp(h)/d?multiStatements=1":   "multiStatements",
		"postgres://tudo:hunter2@127.0.0.1/d":       "not a valid MySQL DSN",
		"tudo:hunter2@tcp(h)/d?interpolate=hunter2": "",
	} {
		d, err := db.Open(dsn, 1)
		if words == "" {
			continue
		}
		if err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%q: %v, %v", dsn, d, err)
		}
		if err != nil && strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q tells the password", err)
		}
	}
	one, err := db.Open("tudo:hunter2@tcp(h:1)/d", 1)
	if err != nil || one.Name != "mysql h:1/d" || !one.IsMySQL() {
		t.Errorf("%+v, %v", one, err)
	}
	if two, err := db.Open("tudo:hunter2@tcp(h:1)/d", 1); err != nil || two != one {
		t.Errorf("not shared: %v", err)
	}
}

func TestAwaitEndsWhenTheDatabaseComes(t *testing.T) {
	t.Parallel()
	suite.Need(t, suite.RequireMariaDB)
	m, err := suite.StartMariaDB(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	dsn, err := m.NewDatabase("late")
	if err != nil {
		t.Fatal(err)
	}
	d, err := db.Open(dsn, 2)
	if err != nil {
		t.Fatal(err)
	}
	m.Kill()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	if err := d.Await(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("while it is away: %v", err)
	}
	cancel()
	expect(t, "a server that was killed", d.Exec("SELECT 1").Error, verdict{unavailable: true})
	came := make(chan error, 1)
	go func() { came <- d.Await(t.Context()) }()
	if err := m.Start(); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-came:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(time.Minute):
		t.Fatal("waits on")
	}
}

func TestSQLiteFileIsNamed(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "x.db")
	d, err := db.Open("sqlite:"+file, 1)
	if err != nil || d.Name != "sqlite "+file || d.IsMySQL() {
		t.Errorf("%+v, %v", d, err)
	}
	if err := d.Ready(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestAMySQLUserMayBeCalledMysql(t *testing.T) {
	t.Parallel()
	d := dbtest.MySQL(t)
	where := strings.TrimPrefix(d.Name, "mysql ")
	addr, _, _ := strings.Cut(where, "/")
	m, err := db.Open("mysql:wrong@tcp("+addr+")/"+strings.TrimPrefix(where, addr+"/"), 1)
	if err != nil {
		t.Fatal(err)
	}
	// The server refuses it, and says whom.
	if err := m.Ready(t.Context()); err == nil || !strings.Contains(err.Error(), "'mysql'@") {
		t.Errorf("%v, want the user mysql to be refused", err)
	}
}
