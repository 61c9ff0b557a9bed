package suite

import (
	"testing"
	"time"

	"gorm.io/driver/mysql"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

type row struct {
	ID   uint
	Text string `gorm:"size:64"`
}

func TestMariaDBKeepsWhatWasCommittedWhenKilled(t *testing.T) {
	t.Parallel()
	Need(t, RequireMariaDB)
	m := timed(t, StartMariaDB)
	t.Cleanup(m.Close)
	other, err := m.NewDatabase("other")
	if err != nil {
		t.Fatal(err)
	}
	for _, dsn := range []string{m.DSN(), other} {
		db := openMariaDB(t, dsn)
		if err := db.AutoMigrate(&row{}); err != nil {
			t.Fatal(err)
		}
		if err := db.Create(&row{Text: "好😀"}).Error; err != nil {
			t.Fatal(err)
		}
		// Not committed: lost.
		if err := db.Begin().Create(&row{Text: "open"}).Error; err != nil {
			t.Fatal(err)
		}
	}

	pid := m.Process().Pid()
	m.Kill()
	start := time.Now()
	m.BufferPoolMB = 32
	if err := m.Start(); err != nil {
		t.Fatal(err)
	}
	t.Logf("started again in %v", time.Since(start))
	if m.Process().Pid() == pid {
		t.Error("the same process")
	}

	for _, dsn := range []string{m.DSN(), other} {
		db := openMariaDB(t, dsn)
		var rows []row
		if err := db.Find(&rows).Error; err != nil {
			t.Fatal(err)
		}
		if len(rows) != 1 || rows[0].Text != "好😀" {
			t.Errorf("after kill: %v", rows)
		}
		for name, want := range map[string]string{
			"innodb_flush_log_at_trx_commit": "1",
			"innodb_buffer_pool_size":        "33554432",
			"character_set_server":           "utf8mb4",
			"performance_schema":             "0",
		} {
			var got string
			if err := db.Raw("select @@" + name).Row().Scan(&got); err != nil || got != want {
				t.Errorf("%s is %s, want %s; %v", name, got, want, err)
			}
		}
	}
}

func openMariaDB(t *testing.T, dsn string) *gorm.DB {
	t.Helper()
	db, err := gorm.Open(mysql.Open(dsn), &gorm.Config{Logger: logger.Discard})
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

// timed starts a server in a directory of the test and logs how long it took.
func timed[S any](t *testing.T, start func(dir string) (S, error)) S {
	t.Helper()
	began := time.Now()
	s, err := start(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("started in %v", time.Since(began))
	return s
}
