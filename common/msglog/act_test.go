package msglog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"testing"

	mysqldriver "github.com/go-sql-driver/mysql"

	"tudoIM/common/errs"
	"tudoIM/common/wire"
	"tudoIM/core/db"
	"tudoIM/core/db/dbtest"
)

// tip tells of an act.
func tip(client string) *Item {
	i := item(0, client)
	i.Sender = 0
	return i
}

func TestAnActStandsBetweenTwoMessages(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		// Who may send is a row that acts change: 3 is closed from one on.
		closed := false // only the writer looks
		f := &domain{d: d, refuse: func(items []*Item) error {
			for _, i := range items {
				if closed && i.Sender != 0 {
					i.Err = errs.NotMember
				}
			}
			return nil
		}}
		l := newLog(t, f)
		start(t, l)
		const senders = 16
		var wg sync.WaitGroup
		refused := make([]uint64, senders) // the last seq that each was given
		for n := range senders {
			wg.Go(func() {
				for k := 0; ; k++ {
					i := item(3, fmt.Sprintf("%d-%d", n, k))
					if err := l.Append(t.Context(), []*Item{i}); err != nil {
						t.Error(err)
						return
					}
					if errors.Is(i.Err, errs.NotMember) {
						return
					}
					if i.Err != nil {
						t.Error(i.Err)
						return
					}
					refused[n] = i.Message.Seq
				}
			})
		}
		until(t, "some is said", func() bool { return len(f.told()) > 50 })
		var at *Item
		err := l.Act(t.Context(), 3, func(_ context.Context, _ *sql.Tx, h *Head, now int64) ([]*Item, error) {
			if h.ID != 3 || h.MaxSeq == 0 || now == 0 {
				t.Errorf("head %+v at %d", h, now)
			}
			closed = true
			at = tip("closed")
			return []*Item{at, tip("closed, and that is that")}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		wg.Wait()
		all := log(t, l, 3)
		if last := all[len(all)-1]; last.Seq != at.Message.Seq+1 || last.SendUserId != 0 {
			t.Errorf("%d is behind the act at %d", last.Seq, at.Message.Seq)
		}
		for n, seq := range refused {
			if seq > at.Message.Seq {
				t.Errorf("%d has sent %d behind the act at %d", n, seq, at.Message.Seq)
			}
		}
		until(t, "all are published", func() bool { return len(f.told()) == len(all) && kept(t, l) == 0 })
		for n, c := range f.published {
			if c.Message.Seq != uint64(n)+1 {
				t.Fatalf("%d is published as number %d", c.Message.Seq, n+1)
			}
		}
	}, migration)
}

func TestARefusedActLeavesNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := &domain{d: d}
		l := newLog(t, f)
		start(t, l)
		err := l.Act(t.Context(), 1, func(ctx context.Context, tx *sql.Tx, h *Head, _ int64) ([]*Item, error) {
			if _, err := tx.ExecContext(ctx, "UPDATE heads SET last_at = 5 WHERE id = 1"); err != nil {
				return nil, err
			}
			return []*Item{tip("never")}, errs.LowRank.With("a", "b")
		})
		if !errors.Is(err, errs.LowRank) || errs.From(err).Data["a"] != "b" {
			t.Errorf("error %v", err)
		}
		if err := l.Act(t.Context(), 99, func(context.Context, *sql.Tx, *Head, int64) ([]*Item, error) {
			t.Error("done to nothing")
			return nil, nil
		}); !errors.Is(err, errs.NoConversation) {
			t.Errorf("error %v", err)
		}
		if err := l.Act(t.Context(), 1, func(context.Context, *sql.Tx, *Head, int64) ([]*Item, error) { panic("a mistake") }); err == nil || errs.From(err) != errs.Internal {
			t.Errorf("error %v", err)
		}
		broken := errors.New("broken")
		if err := l.Act(t.Context(), 1, func(context.Context, *sql.Tx, *Head, int64) ([]*Item, error) { return nil, broken }); !errors.Is(err, broken) {
			t.Errorf("error %v", err)
		}
		var lastAt int64
		if err := l.pool.QueryRowContext(t.Context(), "SELECT last_at FROM heads WHERE id = 1").Scan(&lastAt); err != nil || lastAt != 0 {
			t.Errorf("last at %d, %v", lastAt, err)
		}
		if n := len(log(t, l, 1)); n != 0 || kept(t, l) != 0 {
			t.Errorf("%d messages", n)
		}
		// One without a word changes no number, and what comes behind goes on.
		if err := l.Act(t.Context(), 1, func(context.Context, *sql.Tx, *Head, int64) ([]*Item, error) { return nil, nil }); err != nil {
			t.Error(err)
		}
		one := item(1, "one")
		if err := l.Append(t.Context(), []*Item{one}); err != nil || one.Err != nil || one.Message.Seq != 1 || one.Message.Ver != 1 {
			t.Errorf("%+v, %v, %v", one.Message, one.Err, err)
		}
	}, migration)
}

func TestActsThatAreVictimsAreRunAgain(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := newLog(t, &domain{d: d})
		start(t, l)
		tries, fail := 0, 2
		act := func(context.Context, *sql.Tx, *Head, int64) ([]*Item, error) {
			if tries++; tries <= fail {
				return nil, &mysqldriver.MySQLError{Number: 1213}
			}
			return []*Item{tip(fmt.Sprint(tries))}, nil
		}
		if err := l.Act(t.Context(), 1, act); err != nil || tries != 3 {
			t.Errorf("%d tries, error %v", tries, err)
		}
		tries, fail = 0, 1<<30
		if err := l.Act(t.Context(), 1, act); !errors.Is(err, errs.Unavailable) || tries != maxTries {
			t.Errorf("%d tries, error %v", tries, err)
		}
		if n := len(log(t, l, 1)); n != 1 {
			t.Errorf("%d messages", n)
		}
	}, migration)
}

func TestAChangeThatPanicsFailsAlone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := newLog(t, &domain{d: d})
		start(t, l)
		if err := l.Append(t.Context(), batch(1, "x", 3)); err != nil {
			t.Fatal(err)
		}
		bad := &Item{Conversation: 1, Sender: 7, Change: &Change{Seq: 2, Event: "edited", Apply: func(context.Context, *sql.Tx, *Head, *wire.Message, int64) (bool, error) {
			panic("a mistake")
		}}}
		items := append(batch(1, "y", 3), bad)
		if err := l.Append(t.Context(), append(items, batch(1, "z", 3)...)); err != nil {
			t.Fatal(err)
		}
		if bad.Err == nil || errs.From(bad.Err) != errs.Internal {
			t.Errorf("error %v", bad.Err)
		}
		if n := len(log(t, l, 1)); n != 9 {
			t.Errorf("%d messages", n)
		}
	}, migration)
}
