package dbtest

import (
	"testing"
	"testing/fstest"

	"tudoIM/core/db"
)

type PlainModel struct {
	ID   uint64
	Name string
}

var plain = db.Migration{Half: "plain_rpc", Files: fstest.MapFS{
	"mysql/00001_plain.sql":  {Data: []byte("-- +goose Up\nCREATE TABLE IF NOT EXISTS plain_models (id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, name VARBINARY(8) NOT NULL);\n")},
	"sqlite/00001_plain.sql": {Data: []byte("-- +goose Up\nCREATE TABLE IF NOT EXISTS plain_models (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL);\n")},
}}

func TestSchemaOfBothDialects(t *testing.T) {
	t.Parallel()
	Schema(t, plain, &PlainModel{})
}

func TestEachHasADatabaseOfItsOwn(t *testing.T) {
	t.Parallel()
	for range 3 {
		Each(t, func(t *testing.T, d *db.DB) {
			if err := d.Create(&PlainModel{Name: "ann"}).Error; err != nil {
				t.Fatal(err)
			}
			var n int64
			if err := d.Model(&PlainModel{}).Count(&n).Error; err != nil || n != 1 {
				t.Errorf("%d rows, error %v", n, err)
			}
		}, plain)
	}
}
