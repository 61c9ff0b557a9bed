package db_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/fstest"

	"tudoIM/core/db"
	"tudoIM/core/db/dbtest"
)

var small = db.Migration{Half: "small_rpc", Files: fstest.MapFS{
	"mysql/00001_small.sql":  {Data: []byte("-- +goose Up\nCREATE TABLE IF NOT EXISTS small_models (id BIGINT NOT NULL PRIMARY KEY);\n")},
	"sqlite/00001_small.sql": {Data: []byte("-- +goose Up\nCREATE TABLE IF NOT EXISTS small_models (id INTEGER NOT NULL PRIMARY KEY);\n")},
}}

// TestMigrationCutShort finds the version table as one leaves it that died
// after making it.
func TestMigrationCutShort(t *testing.T) {
	t.Parallel()
	d := dbtest.MySQL(t)
	if err := d.Exec("CREATE TABLE small_rpc_schema_version (id SERIAL NOT NULL, version_id BIGINT NOT NULL," +
		" is_applied BOOLEAN NOT NULL, tstamp TIMESTAMP NULL DEFAULT NOW(), PRIMARY KEY (id))").Error; err != nil {
		t.Fatal(err)
	}
	done, err := small.Up(t.Context(), d)
	if err != nil || len(done) != 1 {
		t.Errorf("did %q, %v", done, err)
	}
	if err := small.Check(t.Context(), d); err != nil {
		t.Error(err)
	}
}

func TestMigrationFromManyPlaces(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var mu sync.Mutex
		var all []string
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				done, err := small.Up(t.Context(), d)
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				all = append(all, done...)
			})
		}
		wg.Wait()
		if len(all) != 1 {
			t.Errorf("did %q, want it once", all)
		}
	})
}

// TestMigrationCutShortBehindAnAlter finds a table that is altered already,
// without the row that says so: MySQL commits an ALTER TABLE by itself.
func TestMigrationCutShortBehindAnAlter(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{}
	for name, f := range small.Files.(fstest.MapFS) {
		files[name] = f
	}
	for n, step := range []string{
		"ALTER TABLE small_models ADD COLUMN a INT NOT NULL DEFAULT 0;", "CREATE INDEX idx_small_a ON small_models (a);", "ALTER TABLE small_models DROP COLUMN b;",
		"ALTER TABLE small_models ADD COLUMN c INT NOT NULL DEFAULT 0;",
	} {
		files[fmt.Sprintf("mysql/%05d_step.sql", n+2)] = &fstest.MapFile{Data: []byte("-- +goose Up\n" + step + "\n")}
	}
	d := dbtest.MySQL(t, small)
	for _, done := range []string{"ALTER TABLE small_models ADD COLUMN a INT NOT NULL DEFAULT 0", "CREATE INDEX idx_small_a ON small_models (a)"} {
		if err := d.Exec(done).Error; err != nil {
			t.Fatal(err)
		}
	}
	m := db.Migration{Half: small.Half, Files: files}
	if _, err := m.Up(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if err := m.Check(t.Context(), d); err != nil {
		t.Error(err)
	}
	if err := d.Exec("SELECT a, c FROM small_models").Error; err != nil {
		t.Error(err)
	}
	files["mysql/00006_wrong.sql"] = &fstest.MapFile{Data: []byte("-- +goose Up\nALTER TABLE nothing_models ADD COLUMN a INT;\n")}
	if _, err := m.Up(t.Context(), d); err == nil {
		t.Error("what cannot be altered is taken for altered")
	}
}

// TestNumbersMayBeLeftOut upgrades, and checks, by the highest number.
func TestNumbersMayBeLeftOut(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		later := fstest.MapFS{}
		for name, f := range small.Files.(fstest.MapFS) {
			later[name] = f
		}
		for _, dialect := range []string{"mysql", "sqlite"} {
			later[dialect+"/00040_more.sql"] = &fstest.MapFile{Data: []byte("-- +goose Up\nALTER TABLE small_models ADD COLUMN more INT NOT NULL DEFAULT 0;\n")}
		}
		if _, err := small.Up(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		gap := db.Migration{Half: small.Half, Files: later}
		if err := gap.Check(t.Context(), d); !errors.Is(err, db.ErrSchema) {
			t.Errorf("before: %v", err)
		}
		if _, err := gap.Up(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		if err := gap.Check(t.Context(), d); err != nil {
			t.Errorf("after: %v", err)
		}
		if err := small.Check(t.Context(), d); !errors.Is(err, db.ErrNewer) {
			t.Errorf("an older binary: %v", err)
		}
	})
}
