package embedded

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/logger"

	"tudoIM/common/errs"
)

func TestSQLiteLosesNoUpdateOfManyWriters(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "a.db")
	// Two pools on one file, as two services of one process have.
	pools := []*gorm.DB{openTest(t, file), openTest(t, file)}
	exec(t, pools[0], "create table n (id integer primary key, v integer not null)")
	exec(t, pools[0], "insert into n values (1, 0)")

	start := time.Now()
	var wg sync.WaitGroup
	for i := range 16 {
		db := pools[i%2].WithContext(t.Context())
		wg.Go(func() {
			for range 25 {
				err := db.Transaction(func(tx *gorm.DB) error {
					var v int
					if err := tx.Raw("select v from n where id = 1").Scan(&v).Error; err != nil {
						return err
					}
					return tx.Exec("update n set v = ? where id = 1", v+1).Error
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	t.Logf("400 transactions in %v", time.Since(start))
	if v := number(t, pools[0], "select v from n"); v != 400 {
		t.Errorf("counted %d, want 400", v)
	}
}

func TestSQLiteReadsWhileOthersWrite(t *testing.T) {
	t.Parallel()
	db := openTest(t, filepath.Join(t.TempDir(), "a.db"))
	exec(t, db, "create table n (v integer)")
	tx := begin(t, db, nil)
	exec(t, tx, "insert into n values (1)")

	// More writers than there are readers' places wait in front of the gate.
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for range 3 * readers {
		wg.Go(func() { db.WithContext(ctx).Begin() })
	}
	gate := gateOf(t, db)
	await(t, func() bool { return gate.waiting() == 3*readers })

	if n := number(t, db, "select count(*) from n"); n != 0 {
		t.Errorf("%d rows seen before commit", n)
	}
	ro := begin(t, db, &sql.TxOptions{ReadOnly: true})
	if n := number(t, ro, "select count(*) from n"); n != 0 {
		t.Errorf("%d rows seen before commit in a read-only transaction", n)
	}
	cancel()
	wg.Wait()
	if err := tx.Commit().Error; err != nil {
		t.Fatal(err)
	}
	if n := number(t, ro, "select count(*) from n"); n != 0 {
		t.Errorf("the snapshot of a read-only transaction changed to %d rows", n)
	}
	if err := ro.Exec("insert into n values (2)").Error; !errors.Is(err, errReadOnly) {
		t.Errorf("write in a read-only transaction: %v", err)
	}
	if err := ro.Commit().Error; err != nil {
		t.Error(err)
	}
	if n := number(t, db, "select count(*) from n"); n != 1 {
		t.Errorf("%d rows after commit, want 1", n)
	}
}

func TestSQLiteGivesUpTheTurn(t *testing.T) {
	t.Parallel()
	boom := errors.New("boom")
	ends := map[string]func(t *testing.T, db *gorm.DB){
		"after commit": func(_ *testing.T, db *gorm.DB) { db.Begin().Commit() },
		"after an error": func(t *testing.T, db *gorm.DB) {
			if err := db.Transaction(func(*gorm.DB) error { return boom }); !errors.Is(err, boom) {
				t.Error(err)
			}
		},
		"after a panic": func(t *testing.T, db *gorm.DB) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			_ = db.Transaction(func(*gorm.DB) error { panic(boom) })
		},
		"when its context ends": func(_ *testing.T, db *gorm.DB) {
			ctx, cancel := context.WithCancel(db.Statement.Context)
			db.WithContext(ctx).Begin()
			cancel()
		},
		"when a waiter's context ends": func(t *testing.T, db *gorm.DB) {
			tx := db.Begin()
			ctx, cancel := context.WithTimeout(db.Statement.Context, 20*time.Millisecond)
			defer cancel()
			if err := db.WithContext(ctx).Begin().Error; !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("waiting transaction: %v", err)
			}
			if err := db.WithContext(ctx).Exec("insert into n values (1)").Error; !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("waiting statement: %v", err)
			}
			tx.Rollback()
		},
		"after a commit that failed": func(t *testing.T, db *gorm.DB) {
			tx := db.Begin()
			tx.Exec("pragma defer_foreign_keys(1)")
			tx.Exec("insert into child values (7)")
			if tx.Commit().Error == nil {
				t.Error("a row without its parent was committed")
			}
		},
		"when rows of a statement that writes are closed": func(t *testing.T, db *gorm.DB) {
			rows, err := db.Raw("insert into n values (5) returning v").Rows()
			if err != nil {
				t.Fatal(err)
			}
			if gateOf(t, db).free != 0 {
				t.Error("did not take the turn")
			}
			rows.Close()
		},
	}
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := openTest(t, filepath.Join(t.TempDir(), "a.db"))
			exec(t, db, "create table n (v integer)")
			exec(t, db, "create table child (n integer references parent (id))")
			exec(t, db, "create table parent (id integer primary key)")
			end(t, db)
			gate := gateOf(t, db)
			await(t, func() bool {
				gate.mu.Lock()
				defer gate.mu.Unlock()
				return gate.free == 1
			})
			exec(t, db, "insert into n values (1)")
		})
	}
}

func TestSQLiteRefusesWhatWouldGoWrongQuietly(t *testing.T) {
	t.Parallel()
	db := openTest(t, filepath.Join(t.TempDir(), "a.db"))
	exec(t, db, "create table n (v blob)")

	t.Run("a transaction by statement", func(t *testing.T) {
		if err := db.Exec("begin").Error; !errors.Is(err, errByHand) {
			t.Error(err)
		}
	})
	t.Run("a statement whose context has ended", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := db.WithContext(ctx).Exec("insert into n values (1)").Error; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	t.Run("a number that is too large", func(t *testing.T) {
		for _, n := range []any{uint64(math.MaxInt64) + 1, uint64(math.MaxUint64)} {
			if err := db.Exec("insert into n values (?)", n).Error; !errors.Is(err, errs.Bad) {
				t.Errorf("%d: %v", n, err)
			}
		}
	})
	t.Run("statements after SQLite gave up the transaction", func(t *testing.T) {
		tx := begin(t, db, nil)
		exec(t, tx, "insert into n values ('before')")
		exec(t, tx, "pragma max_page_count(10)")
		if err := tx.Exec("insert into n values (zeroblob(1000000))").Error; err == nil {
			t.Fatal("the limit had no effect")
		}
		if err := tx.Exec("insert into n values ('after')").Error; err == nil {
			t.Error("a statement ran in a lost transaction")
		}
		if err := tx.Commit().Error; err == nil {
			t.Error("a lost transaction was committed")
		}
	})
	if n := number(t, db, "select count(*) from n"); n != 0 {
		t.Errorf("%d rows came through", n)
	}
}

type note struct {
	ID        uint
	Key       string `gorm:"uniqueIndex"`
	Text      string
	CreatedAt time.Time
}

func TestSQLiteSpeaksGORM(t *testing.T) {
	t.Parallel()
	db := openTest(t, filepath.Join(t.TempDir(), "a.db"))
	if err := db.AutoMigrate(&note{}); err != nil {
		t.Fatal(err)
	}
	notes := []note{{Key: "a"}, {Key: "b"}, {Key: "c"}}
	if err := db.Create(&notes).Error; err != nil {
		t.Fatal(err)
	}
	if notes[0].ID == 0 || notes[2].ID != notes[0].ID+2 {
		t.Errorf("ids %d, %d, %d", notes[0].ID, notes[1].ID, notes[2].ID)
	}
	if err := db.Create(&note{Key: "a"}).Error; !errors.Is(err, gorm.ErrDuplicatedKey) {
		t.Errorf("duplicate: %v", err)
	}
	err := db.Clauses(clause.OnConflict{
		Columns:   []clause.Column{{Name: "key"}},
		DoUpdates: clause.AssignmentColumns([]string{"text"}),
	}).Create(&[]note{{Key: "a", Text: "new"}, {Key: "d"}}).Error
	if err != nil {
		t.Fatal(err)
	}
	var got note
	if err := db.Take(&got, "key = ?", "a").Error; err != nil || got.Text != "new" || got.ID != notes[0].ID {
		t.Errorf("after upsert: %+v, %v", got, err)
	}
	if n := number(t, db, "select count(*) from notes"); n != 4 {
		t.Errorf("%d rows, want 4", n)
	}

	// A savepoint undone leaves the rest of the transaction.
	err = db.Transaction(func(tx *gorm.DB) error {
		_ = tx.Transaction(func(tx *gorm.DB) error {
			exec(t, tx, "delete from notes")
			return errors.New("undo")
		})
		return tx.Create(&note{Key: "e"}).Error
	})
	if n := number(t, db, "select count(*) from notes"); n != 5 || err != nil {
		t.Errorf("%d rows, want 5; %v", n, err)
	}

	east := time.Date(2026, 1, 2, 3, 4, 5, 678e6, time.FixedZone("", 8*3600))
	exec(t, db, "update notes set created_at = ? where key = 'a'", east)
	if err := db.Take(&got, "key = ?", "a").Error; err != nil || !got.CreatedAt.Equal(east) {
		t.Errorf("time %v, want %v; %v", got.CreatedAt, east, err)
	}
	if n := number(t, db, "select count(*) from notes where created_at < ?", east.UTC().Add(time.Millisecond)); n != 1 {
		t.Errorf("times do not sort: %d rows before", n)
	}
	ms := number(t, db, "select cast(unixepoch('subsec') * 1000 as integer)")
	if d := time.Since(time.UnixMilli(int64(ms))); d < -time.Second || d > time.Minute {
		t.Errorf("the database's clock is %v behind", d)
	}
}

func TestSQLiteKeepsCommittedDataForItsOwnerOnly(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "new dir", "odd ?%#name.db")
	db := openTest(t, file)
	exec(t, db, "create table n (v integer)")
	exec(t, db, "insert into n values (1)")
	for _, suffix := range []string{"", "-wal", "-shm"} {
		info, err := os.Stat(file + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if mode := info.Mode().Perm(); mode != 0o600 {
			t.Errorf("%q has mode %o", suffix, mode)
		}
	}
	for pragma, want := range map[string]string{
		"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "5000",
	} {
		var got string
		if err := db.Raw("pragma " + pragma).Row().Scan(&got); err != nil || got != want {
			t.Errorf("%s is %q, want %q; %v", pragma, got, want, err)
		}
	}
	pool, _ := db.DB()
	if err := pool.Close(); err != nil {
		t.Fatal(err)
	}
	if n := number(t, openTest(t, file), "select count(*) from n"); n != 1 {
		t.Errorf("%d rows after reopening, want 1", n)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(file), "*")); len(left) == 0 {
		t.Error("the file lies elsewhere")
	}
}

func TestSQLiteNeedsAFile(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"", ":memory:", t.TempDir()} {
		if _, err := SQLite(file); err == nil {
			t.Errorf("%q was opened", file)
		}
	}
}

func TestSQLiteHidesNothingOfTheDriver(t *testing.T) {
	t.Parallel()
	pool, err := openSQLite(filepath.Join(t.TempDir(), "a.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	h, err := (&store{driver: pool.Driver(), dsn: "file::memory:"}).take()
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	if _, ok := h.(driver.NamedValueChecker); ok {
		t.Error("connections check values")
	}
	if _, ok := h.(driver.SessionResetter); ok {
		t.Error("connections reset sessions")
	}
	if _, ok := h.(driver.Validator); ok {
		t.Error("connections validate")
	}
	s, err := h.Prepare("select 1")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, ok := s.(driver.NamedValueChecker); ok {
		t.Error("statements check values")
	}
	rows, err := h.QueryContext(t.Context(), "select 1", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	if _, ok := rows.(driver.RowsNextResultSet); ok {
		t.Error("rows have result sets")
	}
}

func openTest(t *testing.T, file string) *gorm.DB {
	t.Helper()
	d, err := SQLite(file)
	if err != nil {
		t.Fatal(err)
	}
	db, err := gorm.Open(d, &gorm.Config{TranslateError: true, Logger: logger.Discard})
	if err != nil {
		t.Fatal(err)
	}
	pool, err := db.DB()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pool.Close() })
	return db.WithContext(t.Context())
}

func gateOf(t *testing.T, db *gorm.DB) *gate {
	t.Helper()
	var file string
	if err := db.Raw("select file from pragma_database_list where name = 'main'").Row().Scan(&file); err != nil {
		t.Fatal(err)
	}
	g, ok := writers.Load(file)
	if !ok {
		t.Fatalf("no gate for %s", file)
	}
	return g.(*gate)
}

func begin(t *testing.T, db *gorm.DB, opts *sql.TxOptions) *gorm.DB {
	t.Helper()
	tx := db.Begin(opts)
	if tx.Error != nil {
		t.Fatal(tx.Error)
	}
	return tx
}

func exec(t *testing.T, db *gorm.DB, query string, args ...any) {
	t.Helper()
	if err := db.Exec(query, args...).Error; err != nil {
		t.Errorf("%s: %v", strings.SplitN(query, "\n", 2)[0], err)
	}
}

func number(t *testing.T, db *gorm.DB, query string, args ...any) (n int) {
	t.Helper()
	if err := db.Raw(query, args...).Row().Scan(&n); err != nil {
		t.Error(fmt.Errorf("%s: %w", query, err))
	}
	return n
}
