package e2e

import (
	"database/sql"
	"path/filepath"
	"testing"

	_ "github.com/glebarez/go-sqlite"
	_ "github.com/go-sql-driver/mysql"

	"tudoIM/test/suite"
)

// database opens the suite's database beside the suite: to see what is stored,
// and to let time pass.
func database(t *testing.T, s *suite.Suite) *sql.DB {
	t.Helper()
	driver, dsn := "sqlite", "file:"+filepath.Join(s.Dir, "data", "tudo.db")+"?_txlock=immediate&_pragma=busy_timeout(30000)"
	if s.Mode == suite.Many {
		driver, dsn = "mysql", s.MariaDB.DSN()
	}
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// messages is the table that the message id is in: groups' have odd ids.
func messages(id uint64) string {
	if id%2 == 1 {
		return "group_msg_models"
	}
	return "chat_models"
}

// age makes a message older by milliseconds.
func age(t *testing.T, db *sql.DB, id uint64, milliseconds int64) {
	t.Helper()
	done, err := db.ExecContext(ctx(t), "UPDATE "+messages(id)+" SET created_at = created_at - ? WHERE id = ?", milliseconds, id)
	if err != nil {
		t.Fatalf("age message %d: %v", id, err)
	}
	if n, err := done.RowsAffected(); err != nil || n != 1 {
		t.Fatalf("message %d is in %d rows, %v", id, n, err)
	}
}
