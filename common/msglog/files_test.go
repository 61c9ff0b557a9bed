package msglog

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"testing"

	"tudoIM/common/wire"
	"tudoIM/core/db"
	"tudoIM/core/db/dbtest"
)

// carrying is a message that carries files.
func carrying(conversation uint64, client string, files ...string) *Item {
	i := item(conversation, client)
	i.Files = files
	return i
}

func fileRowsOf(t *testing.T, l *Log) (n int) {
	t.Helper()
	if err := l.pool.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM files").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestFilesGoWithTheirMessages(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := newLog(t, &domain{d: d})
		start(t, l)
		items := []*Item{item(1, "text"), carrying(1, "one", "a"), carrying(1, "two", "a", "b"), carrying(2, "three", "a")}
		if err := l.Append(t.Context(), items); err != nil {
			t.Fatal(err)
		}
		again := carrying(1, "one", "a", "c")
		if err := l.Append(t.Context(), []*Item{again}); err != nil || !again.Dup {
			t.Fatalf("a repeat: %+v, %v", again, err)
		}
		if n := fileRowsOf(t, l); n != 4 {
			t.Errorf("%d rows of 4", n)
		}
		for uid, want := range map[string][]uint64{"a": {1, 2}, "b": {1}, "c": nil} {
			got, more, err := l.Carriers(t.Context(), uid)
			slices.Sort(got)
			if err != nil || more || !slices.Equal(got, want) {
				t.Errorf("%s is in %v, %v, %v", uid, got, more, err)
			}
		}
		carries := func(what, uid string, want bool, spans ...Span) {
			t.Helper()
			if got, err := l.Carries(t.Context(), 8, uid, spans); err != nil || got != want {
				t.Errorf("%s: %v, %v", what, got, err)
			}
		}
		carries("all of it", "a", true, Span{1, 0, 3})
		carries("the last", "a", true, Span{1, 2, 3})
		carries("behind it", "a", false, Span{1, 3, 9})
		carries("before it", "a", false, Span{1, 0, 1})
		carries("another conversation", "b", false, Span{2, 0, 9})
		carries("one of two", "b", true, Span{2, 0, 9}, Span{1, 0, 9})
		carries("nowhere", "a", false)

		if _, err := l.Delete(t.Context(), 8, []Found{{1, items[2].Message}}, 1); err != nil {
			t.Fatal(err)
		}
		carries("what the reader has deleted", "b", false, Span{1, 0, 9})
		if got, err := l.Carries(t.Context(), 7, "b", []Span{{1, 0, 9}}); err != nil || !got {
			t.Errorf("the other: %v, %v", got, err)
		}
		gone := becomes(1, 3, "")
		apply := gone.Change.Apply
		gone.Change.Apply = func(ctx context.Context, tx *sql.Tx, h *Head, m *wire.Message, now int64) (bool, error) {
			m.Status = StatusRecalled
			return apply(ctx, tx, h, m, now)
		}
		if err := l.Append(t.Context(), []*Item{gone}); err != nil || gone.Err != nil {
			t.Fatal(err, gone.Err)
		}
		if n := fileRowsOf(t, l); n != 2 {
			t.Errorf("after it was taken back: %d rows of 2", n)
		}
	}, migration)
}

func TestABatchOfVeryManyFiles(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := newLog(t, &domain{d: d})
		start(t, l)
		var files []string
		for n := range 9 * fileRows { // more than one statement may have
			files = append(files, fmt.Sprint("f", n))
		}
		i := carrying(1, "bundle", files...)
		if err := l.Append(t.Context(), []*Item{i}); err != nil || i.Err != nil {
			t.Fatal(err, i.Err)
		}
		if n := fileRowsOf(t, l); n != len(files) {
			t.Errorf("%d rows of %d", n, len(files))
		}
	}, migration)
}
