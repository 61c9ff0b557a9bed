package logic

import (
	"strings"
	"testing"

	"tudoIM/core/db/dbtest"
	"tudoIM/tudoIM_chat/chat_rpc/internal/model"
)

// mostRows is what the database may touch for a page of 50: up to twice the
// page, as much to look up what its reader has deleted, and the conversation.
// All that the reader has deleted does not fit in beside a page.
const mostRows = 350

// TestAPageCostsNoMoreThanItself counts the rows that MariaDB touches. SQLite
// has no such figures; there the indexes that it could miss are named in the
// statements, which fail without them.
func TestAPageCostsNoMoreThanItself(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.MySQL(t, model.Migration))
	const size = 5000
	ids := w.fill(t, size)
	pool, err := w.DB.DB.DB()
	if err != nil {
		t.Fatal(err)
	}
	pool.SetMaxOpenConns(1) // the figures are those of a connection
	touched := func() (n int) {
		t.Helper()
		rows, err := pool.QueryContext(t.Context(), "SHOW SESSION STATUS LIKE 'Handler_read%'")
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var name string
			var value int
			if err := rows.Scan(&name, &value); err != nil {
				t.Fatal(err)
			}
			n += value
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		return n
	}
	asks := touched()
	asks = touched() - asks // counting reads rows, too
	for _, c := range w.calls(size, ids) {
		kind, _, _ := strings.Cut(c.name, "-")
		if kind != "history" && kind != "get" && kind != "sync" {
			continue
		}
		before := touched()
		got, err := c.call(t.Context())
		if n := touched() - before - asks; err != nil || got != c.want || n > mostRows {
			t.Errorf("%s: %d messages, want %d, %v; %d rows are touched, at most %d may be", c.name, got, c.want, err, n, mostRows)
		}
	}
}
