package msglog

import (
	"context"
	"database/sql"
	"errors"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"tudoIM/common/errs"
	"tudoIM/core/db"
	"tudoIM/core/db/dbtest"
)

var senderMigration = db.Migration{Half: "sender_rpc", Files: senderSchema()}

func senderSchema() fstest.MapFS {
	const table = "-- +goose Up\nCREATE TABLE states (user_id BIGINT NOT NULL PRIMARY KEY, refusal INT NOT NULL DEFAULT 0," +
		" until_at BIGINT NOT NULL DEFAULT 0, gone BOOLEAN NOT NULL DEFAULT FALSE, version BIGINT NOT NULL DEFAULT 0, updated_at BIGINT NOT NULL DEFAULT 0);\n"
	return fstest.MapFS{
		"mysql/00001_states.sql":  &fstest.MapFile{Data: []byte(table)},
		"sqlite/00001_states.sql": &fstest.MapFile{Data: []byte(table)},
	}
}

func eachSenders(t *testing.T, f func(t *testing.T, q Senders)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { f(t, Senders{DB: d, Table: "states"}) }, senderMigration)
}

// batch begins what a commit of messages is; end commits it.
func (q Senders) batch(t *testing.T) (tx *sql.Tx, end func()) {
	t.Helper()
	pool, err := q.DB.DB.DB()
	if err != nil {
		t.Fatal(err)
	}
	if tx, err = pool.BeginTx(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tx.Rollback() })
	return tx, func() {
		if err := tx.Commit(); err != nil {
			t.Error(err)
		}
	}
}

func (q Senders) of(t *testing.T, users ...uint64) map[uint64]SenderState {
	t.Helper()
	tx, end := q.batch(t)
	defer end()
	states, err := q.Of(t.Context(), tx, users)
	if err != nil {
		t.Fatal(err)
	}
	return states
}

func (q Senders) set(t *testing.T, s SenderState) {
	t.Helper()
	if err := q.Set(t.Context(), s); err != nil {
		t.Fatal(err)
	}
}

func TestRefusalOfASender(t *testing.T) {
	t.Parallel()
	const code = 40004
	for _, c := range []struct {
		name  string
		state SenderState
		now   int64
		want  error
	}{
		{"nothing was said", SenderState{}, 100, nil},
		{"for ever", SenderState{Code: code}, 1 << 60, errs.Curtailed},
		{"before the end", SenderState{Code: code, Until: 100}, 99, errs.Curtailed},
		{"at the end", SenderState{Code: code, Until: 100}, 100, nil},
		{"gone is about those who send to it", SenderState{Gone: true}, 100, nil},
	} {
		if err := c.state.Refusal(c.now); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

func TestOnlyAHigherVersionTakesEffect(t *testing.T) {
	t.Parallel()
	eachSenders(t, func(t *testing.T, q Senders) {
		two := SenderState{UserID: 7, Code: 40004, Until: 5, Version: 2}
		three := SenderState{UserID: 7, Gone: true, Version: 3}
		for _, c := range []struct {
			name      string
			set, want SenderState
		}{
			{"the first", two, two},
			{"the same version", SenderState{UserID: 7, Version: 2}, two},
			{"a lower one", SenderState{UserID: 7, Gone: true, Version: 1}, two},
			{"a higher one, of whom receipts are not kept here", SenderState{UserID: 7, Gone: true, NoReceipts: true, Version: 3}, three},
		} {
			q.set(t, c.set)
			if got := q.of(t, 7, 8, 7)[7]; got != c.want {
				t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
			}
		}
		if got := q.of(t, 8)[8]; got.Code != 0 || got.Gone {
			t.Errorf("one about whom nothing was said: %+v", got)
		}
		for _, user := range []uint64{0, 1 << 63} {
			if err := q.Set(t.Context(), SenderState{UserID: user, Version: 1}); !errors.Is(err, errs.Bad) {
				t.Errorf("user %d: %v", user, err)
			}
		}
	})
}

// A Set returns only when the batches that read the state before have ended,
// also when nothing was known of the user until then.
func TestSetWaitsForTheBatchesThatReadBefore(t *testing.T) {
	t.Parallel()
	for name, known := range map[string]bool{"the user is new": false, "the user is known": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachSenders(t, func(t *testing.T, q Senders) {
				if known {
					q.set(t, SenderState{UserID: 7, Version: 1})
				}
				tx, end := q.batch(t)
				if states, err := q.Of(t.Context(), tx, []uint64{7, 3}); err != nil || states[7].Code != 0 {
					t.Fatalf("%+v, %v", states, err)
				}
				var ending atomic.Bool
				done := make(chan struct{})
				go func() {
					defer close(done)
					if err := q.Set(t.Context(), SenderState{UserID: 7, Code: 40004, Version: 2}); err != nil {
						t.Error(err)
					}
					if !ending.Load() {
						t.Error("returned while a batch that may send goes on")
					}
				}()
				q.awaitWaiter(t, done)
				ending.Store(true)
				end()
				<-done
				if got := q.of(t, 7)[7]; got.Code != 40004 {
					t.Errorf("%+v", got)
				}
			})
		})
	}
}

// awaitWaiter waits until the Set is seen to wait for its lock, or done. On
// SQLite nobody can be seen to wait.
func (q Senders) awaitWaiter(t *testing.T, done <-chan struct{}) {
	t.Helper()
	if !q.DB.IsMySQL() {
		return
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		var n int
		err := q.DB.WithContext(ctx).Raw("SELECT COUNT(*) FROM information_schema.PROCESSLIST" +
			" WHERE DB = DATABASE() AND TIME_MS > 100 AND INFO LIKE 'INSERT INTO states%'").Row().Scan(&n)
		if err != nil {
			t.Fatal(err)
		}
		if n > 0 {
			return
		}
		select {
		case <-done:
			return
		case <-tick.C:
		}
	}
}

// Batches that meet the same new users, and those who are told of them, end
// without one being told something old.
func TestManyMeetNewUsersAtOnce(t *testing.T) {
	t.Parallel()
	eachSenders(t, func(t *testing.T, q Senders) {
		const users, rounds = 30, 20
		var wg sync.WaitGroup
		var said [users + 1]atomic.Bool
		for range 4 {
			wg.Go(func() {
				for range rounds {
					q.retry(t, func(tx *sql.Tx) error {
						var before [users + 1]bool
						var some []uint64
						for range 8 {
							u := 1 + rand.Uint64N(users)
							before[u] = said[u].Load()
							some = append(some, u)
						}
						states, err := q.Of(t.Context(), tx, some)
						for _, u := range some {
							if err == nil && before[u] && states[u].Code != 40004 {
								t.Errorf("user %d may send after the refusal: %+v", u, states[u])
							}
						}
						return err
					})
				}
			})
		}
		wg.Go(func() {
			for u := uint64(1); u <= users; u++ {
				q.set(t, SenderState{UserID: u, Code: 40004, Version: 1})
				said[u].Store(true)
			}
		})
		wg.Wait()
	})
}

// retry runs f in a transaction, again after a deadlock, as the log does.
func (q Senders) retry(t *testing.T, f func(tx *sql.Tx) error) {
	t.Helper()
	for {
		tx, end := q.batch(t)
		err := f(tx)
		if err == nil {
			end()
			return
		}
		_ = tx.Rollback()
		if !db.IsRetryable(err) {
			t.Error(err)
			return
		}
	}
}
