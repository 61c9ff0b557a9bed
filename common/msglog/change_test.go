package msglog

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"testing"

	"tudoIM/common/errs"
	"tudoIM/common/wire"
	"tudoIM/core/db"
	"tudoIM/core/db/dbtest"
)

// becomes is a change of the message seq of conversation into one that says
// text.
func becomes(conversation, seq uint64, text string) *Item {
	return &Item{Conversation: conversation, Sender: 7, Change: &Change{
		Seq: seq, Event: "edited",
		Apply: func(_ context.Context, _ *sql.Tx, _ *Head, m *wire.Message, now int64) (bool, error) {
			if string(m.Msg) == text {
				return false, nil
			}
			m.Msg, m.MsgPreview, m.EditedAt = []byte(text), text, now
			return true, nil
		},
	}}
}

func TestChangesAndAppendsAreNumberedInTheirOrder(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := &domain{d: d}
		l := newLog(t, f)
		start(t, l)
		if err := l.Append(t.Context(), batch(1, "m", 2)); err != nil {
			t.Fatal(err)
		}
		items := []*Item{
			becomes(1, 1, "a"), item(1, "m2"), becomes(1, 1, "b"), becomes(1, 1, "b"), becomes(1, 9, "x"), becomes(99, 1, "x"), item(2, "m0"), becomes(1, 2, "c"),
		}
		if err := l.Append(t.Context(), items); err != nil {
			t.Fatal(err)
		}
		for n, want := range []struct {
			seq, ver uint64
			dup      bool
			err      error
		}{
			{1, 3, false, nil}, {3, 4, false, nil}, {1, 5, false, nil}, {1, 5, true, nil},
			{0, 0, false, errs.NoMessage}, {0, 0, false, errs.NoConversation}, {1, 1, false, nil}, {2, 6, false, nil},
		} {
			i := items[n]
			if i.Message.GetSeq() != want.seq || i.Message.GetVer() != want.ver || i.Dup != want.dup || !errors.Is(i.Err, want.err) {
				t.Errorf("item %d: %v, dup %v, %v", n, i.Message, i.Dup, i.Err)
			}
		}
		all := log(t, l, 1)
		if len(all) != 3 || string(all[0].Msg) != "b" || all[0].Ver != 5 || all[0].EditedAt == 0 || all[1].Ver != 6 || all[2].Ver != 4 {
			t.Errorf("stored %v", all)
		}
		changed, err := l.Changed(t.Context(), 1, 0, 3, 2, 100, 0, 10)
		if err != nil || len(changed) != 2 {
			t.Errorf("changed %v, %v", changed, err)
		}
		until(t, "all to be told", func() bool { return len(f.news()) == 7 })
		want := []string{"1/1  by 0", "2/2  by 0", "1/3 edited by 7", "3/4  by 0", "1/5 edited by 7", "1/1  by 0", "2/6 edited by 7"}
		if got := f.news(); !slices.Equal(got, want) {
			t.Errorf("told %q", got)
		}
	}, migration)
}

func TestARefusedChangeLeavesNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := &domain{d: d}
		l := newLog(t, f)
		start(t, l)
		if err := l.Append(t.Context(), batch(1, "m", 1)); err != nil {
			t.Fatal(err)
		}
		broken := errors.New("broken")
		fails := func(err error) *Item {
			i := becomes(1, 1, "x")
			i.Change.Apply = func(_ context.Context, _ *sql.Tx, _ *Head, m *wire.Message, _ int64) (bool, error) {
				m.Msg = []byte("half done")
				return false, err
			}
			return i
		}
		items := []*Item{fails(errs.TooLate.With("windowSeconds", 120)), item(1, "m1"), fails(broken), becomes(1, 1, "good")}
		if err := l.Append(t.Context(), items); err != nil {
			t.Fatal(err)
		}
		if !errors.Is(items[0].Err, errs.TooLate) || errs.From(items[0].Err).Data["windowSeconds"] != "120" {
			t.Errorf("the refused: %v", items[0].Err)
		}
		if !errors.Is(items[2].Err, broken) || items[1].Err != nil || items[3].Err != nil {
			t.Errorf("the broken: %v, beside it %v and %v", items[2].Err, items[1].Err, items[3].Err)
		}
		if all := log(t, l, 1); len(all) != 2 || string(all[0].Msg) != "good" {
			t.Errorf("stored %v", all)
		}
	}, migration)
}

// A change that one node committed and did not tell is told by the sweep, with
// what the message is then.
func TestTheSweepTellsOfChanges(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := &domain{d: d}
		l := newLog(t, f)
		items := append(batch(1, "m", 2), item(2, "m0"))
		stop := start(t, l)
		if err := l.Append(t.Context(), items); err != nil {
			t.Fatal(err)
		}
		stop()
		f.published = nil
		note := fmt.Sprintf("%d:recalled:5:1,%d,nonsense,1:x,1:x:y:z,%d:edited:6:2,%d:pinned:6:1,7777777",
			items[0].Message.Id, items[2].Message.Id, items[1].Message.Id, items[1].Message.Id)
		if _, err := l.pool.ExecContext(t.Context(), "INSERT INTO box (created_at, message_ids) VALUES (1, ?)", note); err != nil {
			t.Fatal(err)
		}
		if err := l.out.sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		want := []string{"1/1 recalled by 5", "1/1  by 0", "2/2 edited by 6"}
		if got := f.news(); !slices.Equal(got, want) {
			t.Errorf("told %q, want %q", got, want)
		}
		if n := kept(t, l); n != 0 {
			t.Errorf("%d rows are left", n)
		}
	}, migration)
}

// A change whose commit was not answered is run again, finds itself made, and
// is told of by the row that the first try left.
func TestAChangeOfUnknownEndIsTold(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := &domain{d: d}
		l := newLog(t, f)
		stop := start(t, l)
		if err := l.Append(t.Context(), batch(1, "m", 1)); err != nil {
			t.Fatal(err)
		}
		stop()
		f.published = nil
		change := []*Item{becomes(1, 1, "new")}
		if err := l.try(t.Context(), change, false); err != nil { // as if its answer was lost
			t.Fatal(err)
		}
		lost := driver.ErrBadConn
		f.lock = func() (err error) { err, lost = lost, nil; return err }
		l.settle(t.Context(), change)
		l.out.committed(change)
		if change[0].Err != nil || !change[0].Dup {
			t.Fatalf("%+v", change[0])
		}
		l.out.drain(t.Context())
		if _, err := l.pool.ExecContext(t.Context(), "UPDATE box SET created_at = 1"); err != nil {
			t.Fatal(err)
		}
		if err := l.out.sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := f.news(); !slices.Equal(got, []string{"1/2 edited by 7"}) {
			t.Errorf("told %q", got)
		}
	}, migration)
}

func TestWhatFewMessagesHaveIsKept(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := newLog(t, &domain{d: d})
		start(t, l)
		one := item(1, "a")
		one.AtUsers, one.AtAll, one.Bundle = []uint64{3, 4}, true, []byte(`[{"n":1}]`)
		if err := l.Append(t.Context(), []*Item{one}); err != nil {
			t.Fatal(err)
		}
		id := one.Message.Id
		for _, statement := range []string{
			"INSERT INTO reactions (message_id, emoji, user_id, created_at) VALUES (" + strconv.FormatUint(id, 10) + ", 'x', 1, 1)",
			"INSERT INTO pins (id, conversation_id, user_id, created_at) VALUES (" + strconv.FormatUint(id, 10) + ", 1, 1, 1)",
		} {
			if _, err := l.pool.ExecContext(t.Context(), statement); err != nil {
				t.Fatal(err)
			}
		}
		m := log(t, l, 1)[0]
		if !slices.Equal(m.AtUserIds, []uint64{3, 4}) || !m.AtAll {
			t.Errorf("called: %v", m)
		}
		if doc, err := l.Bundle(t.Context(), id); err != nil || string(doc) != `[{"n":1}]` {
			t.Errorf("bundle %s, %v", doc, err)
		}
		if ids, err := l.Pinned(t.Context(), 1); err != nil || !slices.Equal(ids, []uint64{id}) {
			t.Errorf("pinned %v, %v", ids, err)
		}
		marked := becomes(1, 1, "x")
		marked.Change.Apply = func(_ context.Context, _ *sql.Tx, _ *Head, m *wire.Message, _ int64) (bool, error) {
			m.Reactions, m.PinnedAt = []*wire.Reaction{{Emoji: "👍", Count: 2, UserIds: []uint64{1, 2}}}, 9
			return true, nil
		}
		if err := l.Append(t.Context(), []*Item{marked}); err != nil {
			t.Fatal(err)
		}
		if m := log(t, l, 1)[0]; m.PinnedAt != 9 || len(m.Reactions) != 1 || m.Reactions[0].Count != 2 || !m.AtAll {
			t.Errorf("marked: %v", m)
		}
		gone := becomes(1, 1, "x")
		gone.Change.Apply = func(_ context.Context, _ *sql.Tx, _ *Head, m *wire.Message, _ int64) (bool, error) {
			m.Status, m.Msg, m.AtUserIds, m.AtAll, m.Reactions, m.PinnedAt = StatusRecalled, []byte("{}"), nil, false, nil, 0
			return true, nil
		}
		if err := l.Append(t.Context(), []*Item{gone}); err != nil {
			t.Fatal(err)
		}
		if doc, err := l.Bundle(t.Context(), id); err != nil || doc != nil {
			t.Errorf("a bundle of what was taken back: %s, %v", doc, err)
		}
		for _, table := range []string{"reactions", "pins"} {
			var n int
			if err := l.pool.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM "+table).Scan(&n); err != nil || n != 0 {
				t.Errorf("%d %s are left, %v", n, table, err)
			}
		}
		if m := log(t, l, 1)[0]; m.AtAll || len(m.AtUserIds)+len(m.Reactions) > 0 || m.PinnedAt != 0 {
			t.Errorf("taken back: %v", m)
		}
	}, migration)
}

func TestRepeatsAreFoundWhateverIsWrongWithThem(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := newLog(t, &domain{d: d})
		start(t, l)
		if err := l.Append(t.Context(), batch(1, "m", 1)); err != nil {
			t.Fatal(err)
		}
		again, other := item(1, "m0"), item(1, "m1")
		again.Err, other.Err = errs.BadMessage, errs.BadMessage
		if err := l.Repeats(t.Context(), []*Item{again, other}); err != nil {
			t.Fatal(err)
		}
		if again.Err != nil || !again.Dup || again.Message.Seq != 1 {
			t.Errorf("the repeat: %+v", again)
		}
		if !errors.Is(other.Err, errs.BadMessage) || other.Dup {
			t.Errorf("the other: %+v", other)
		}
	}, migration)
}

func TestDeletedForOneReader(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := newLog(t, &domain{d: d})
		start(t, l)
		if err := l.Append(t.Context(), batch(1, "m", 3)); err != nil {
			t.Fatal(err)
		}
		var found []Found
		for _, m := range log(t, l, 1) {
			found = append(found, Found{1, m})
		}
		for n, want := range []int{2, 1, 0} { // the second time only the third is new
			fresh, err := l.Delete(t.Context(), 7, found[:min(2+n, 3)], int64(100+n))
			if err != nil || len(fresh) != want {
				t.Errorf("try %d: %d are new, %v", n, len(fresh), err)
			}
		}
		for since, want := range map[int64]int{0: 3, 100: 3, 101: 1, 102: 0} {
			gone, err := l.DeletedSince(t.Context(), 7, since)
			if err != nil || len(gone) != want {
				t.Errorf("since %d: %v, %v", since, gone, err)
			}
		}
		for reader, want := range map[uint64]int{7: 3, 8: 0} {
			gone, err := l.DeletedOf(t.Context(), reader, found)
			if err != nil || len(gone) != want {
				t.Errorf("of %d: %v, %v", reader, gone, err)
			}
		}
	}, migration)
}
