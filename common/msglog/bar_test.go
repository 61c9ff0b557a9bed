package msglog

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"tudoIM/common/errs"
	"tudoIM/core/db"
	"tudoIM/core/db/dbtest"
)

func TestABarredFileIsCarriedByNothingNew(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := newLog(t, &domain{d: d})
		start(t, l)
		first := carrying(1, "first", "kept")
		if err := l.Append(t.Context(), []*Item{first}); err != nil || first.Err != nil {
			t.Fatal(err, first.Err)
		}
		for uid, want := range map[string]bool{"kept": true, "gone": false} {
			if got, err := l.Carried(t.Context(), uid); err != nil || got != want {
				t.Errorf("%s is carried: %v, %v", uid, got, err)
			}
			for range 2 { // as often as one likes
				if got, err := l.Bar(t.Context(), uid); err != nil || got != want {
					t.Errorf("%s is carried, asked to bar it: %v, %v", uid, got, err)
				}
			}
		}
		old := carrying(2, "old", "new")
		old.Checked = time.Now().Add(-maxAge - time.Minute)
		now := carrying(2, "now", "new")
		now.Checked = time.Now()
		items := []*Item{
			item(1, "text"), carrying(1, "one", "gone"), carrying(1, "other", "kept"), carrying(2, "two", "a", "gone", "kept"), now, old,
			carrying(1, "first", "gone"),
		}
		if err := l.Append(t.Context(), items); err != nil {
			t.Fatal(err)
		}
		for n, want := range []error{nil, errs.FileUnknown, nil, errs.FileUnknown, nil, errs.Unavailable, nil} {
			if !errors.Is(items[n].Err, want) {
				t.Errorf("%s: %v, want %v", items[n].ClientMsgID, items[n].Err, want)
			}
		}
		if !items[6].Dup || items[6].Message.Id != first.Message.Id {
			t.Errorf("a repeat, whatever it carries now: %+v", items[6])
		}
		if m := items[2].Message; m.Seq != 3 {
			t.Errorf("what was refused took a number: the next has %d", m.Seq)
		}

		// A bar ends by itself.
		if _, err := l.pool.ExecContext(t.Context(), "UPDATE bars SET barred_until = ? WHERE uid = 'gone'", d.Clock.Milli(t.Context())); err != nil {
			t.Fatal(err)
		}
		again := carrying(1, "again", "gone")
		if err := l.Append(t.Context(), []*Item{again}); err != nil || again.Err != nil {
			t.Errorf("behind the bar: %v, %v", err, again.Err)
		}
	}, migration)
}

func TestTextsWriteNoBars(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := newLog(t, &domain{d: d})
		start(t, l)
		if err := l.Append(t.Context(), []*Item{item(1, "a"), item(2, "b")}); err != nil {
			t.Fatal(err)
		}
		var n int
		if err := l.pool.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM bars").Scan(&n); err != nil || n != 0 {
			t.Errorf("%d rows, %v", n, err)
		}
	}, migration)
}

// TestFilesThatAreNotSharedMakeNobodyWait appends, by several instances at
// once, what has many files each: all is stored, and none had to wait for
// others' so long that it was told to come again.
func TestFilesThatAreNotSharedMakeNobodyWait(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var wg sync.WaitGroup
		for instance := range 3 {
			l := newLog(t, &domain{d: d})
			start(t, l)
			wg.Go(func() {
				for n := range 20 {
					uids := []string{"everywhere"}
					for f := range 30 {
						uids = append(uids, fmt.Sprintf("f%d-%d-%d", f, instance, n))
					}
					i := carrying(uint64(instance+1), fmt.Sprint(n), uids...)
					if err := l.Append(t.Context(), []*Item{i}); err != nil || i.Err != nil {
						t.Errorf("%d of %d: %v, %v", n, instance, err, i.Err)
					}
				}
			})
		}
		wg.Wait()
	}, migration)
}

// Two instances append while a third bars: what a bar says is not carried never
// is, and what is refused never was stored.
func TestABarAndAMessageNeverMissEachOther(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		one, two := newLog(t, &domain{d: d}), newLog(t, &domain{d: d})
		start(t, one)
		start(t, two)
		const tries = 200
		both := map[bool]int{}
		for n := range tries {
			uid, other := fmt.Sprint("f", n), fmt.Sprint("g", n)
			a, b := carrying(1, uid, uid, other), carrying(2, uid, other, uid)
			var carried bool
			var wg sync.WaitGroup
			wg.Go(func() {
				if err := one.Append(t.Context(), []*Item{a}); err != nil {
					t.Error(err)
				}
			})
			wg.Go(func() {
				if err := two.Append(t.Context(), []*Item{b}); err != nil {
					t.Error(err)
				}
			})
			wg.Go(func() {
				var err error
				if carried, err = one.Bar(t.Context(), uid); err != nil {
					t.Error(err)
				}
			})
			wg.Wait()
			is, err := one.Carried(t.Context(), uid)
			if err != nil {
				t.Fatal(err)
			}
			for _, i := range []*Item{a, b} {
				if i.Err != nil && !errors.Is(i.Err, errs.FileUnknown) {
					t.Fatalf("try %d: %v", n, i.Err)
				}
			}
			if is != carried || is != (a.Err == nil || b.Err == nil) || !carried && (a.Err == nil || b.Err == nil) {
				t.Fatalf("try %d: the bar found %v, and it is %v; %v, %v", n, carried, is, a.Err, b.Err)
			}
			both[carried]++
		}
		t.Logf("carried %d times, barred %d times", both[true], both[false])
	}, migration)
}
