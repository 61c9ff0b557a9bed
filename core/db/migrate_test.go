package db_test

import (
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
