package model

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tudoIM/common/errs"
)

func (w *world) try(t *testing.T, after time.Duration, rules ...Rule) (*Try, time.Duration) {
	t.Helper()
	try, wait, err := Attempts{DB: w.d}.Reserve(t.Context(), rules, w.now.Add(after))
	if err != nil {
		t.Fatal(err)
	}
	if (try == nil) != (wait > 0) {
		t.Fatalf("admitted %v, wait %v", try != nil, wait)
	}
	return try, wait
}

func TestATryIsCountedByAllRulesOrNone(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		narrow, wide := Rule{"narrow", 2, time.Minute}, Rule{"wide", 3, time.Hour}
		for range 2 {
			w.try(t, 0, wide, narrow)
		}
		if _, wait := w.try(t, 0, narrow, wide); wait != time.Minute {
			t.Errorf("past the narrow one: wait %v", wait)
		}
		if _, wait := w.try(t, time.Minute-time.Millisecond, narrow, wide); wait != time.Millisecond {
			t.Errorf("just before its end: wait %v", wait)
		}
		// The refused ones have not been counted: one is left of the wide one.
		if try, _ := w.try(t, time.Minute, narrow, wide); try == nil {
			t.Error("refused at the end of the narrow one's window")
		}
		if _, wait := w.try(t, time.Minute, narrow, wide); wait != 59*time.Minute {
			t.Errorf("past the wide one: wait %v", wait)
		}
		if _, wait := w.try(t, time.Minute, Rule{"other", 1, time.Hour}, wide); wait != 59*time.Minute {
			t.Errorf("with another one: wait %v", wait)
		}
		if try, _ := w.try(t, time.Minute, Rule{"other", 1, time.Hour}); try == nil {
			t.Error("a refused try was counted")
		}
	})
}

func TestATryGivenBackDoesNotCount(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		r := Rule{"r", 2, time.Minute}
		for range 5 {
			try, _ := w.try(t, 0, r)
			if try == nil {
				t.Fatal("refused")
			}
			try.GiveBack(t.Context())
		}
		first, _ := w.try(t, 0, r)
		w.try(t, 0, r)
		if _, wait := w.try(t, time.Second, r); wait == 0 {
			t.Error("a third was let through")
		}
		first.GiveBack(t.Context())
		if try, _ := w.try(t, time.Second, r); try == nil {
			t.Error("what was given back is not free")
		}
		// One of a window that is over changes nothing in the next.
		w.try(t, 2*time.Minute, r)
		w.try(t, 2*time.Minute, r)
		first.GiveBack(t.Context())
		if _, wait := w.try(t, 2*time.Minute, r); wait == 0 {
			t.Error("one of the window before was given back in this one")
		}
	})
}

// Tries at the same time are not more than the limit, whoever is first.
func TestTriesAtOnceDoNotPassTheLimit(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		got := tally(t, atOnce(func(i int) error {
			_, wait, err := Attempts{DB: w.d}.Reserve(t.Context(), []Rule{{"a", 5, time.Minute}, {fmt.Sprint("own ", i), 1, time.Minute}, {"b", 100, time.Hour}}, w.now)
			if err == nil && wait > 0 {
				return errs.Locked
			}
			return err
		}))
		if got[0] != 5 || got[errs.Locked.Code] != many-5 {
			t.Errorf("answers by code: %v", got)
		}
	})
}

func TestKeysOfTriesAreNotKept(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.try(t, 0, Rule{"a password in the wrong field", 5, time.Minute})
		w.try(t, 0, Rule{"long", 5, time.Hour})
		var rows []map[string]any
		if err := w.d.Table("attempt_models").Find(&rows).Error; err != nil || len(rows) != 2 || strings.Contains(fmt.Sprintf("%s", rows), "wrong field") {
			t.Errorf("%s, %v", rows, err)
		}
		if err := (Attempts{DB: w.d}).Sweep(t.Context(), w.now.Add(time.Minute+time.Millisecond)); err != nil {
			t.Fatal(err)
		}
		if n := count(t, w.d.DB, &AttemptModel{}, "1 = 1"); n != 1 {
			t.Errorf("%d left by the sweep", n)
		}
	})
}

func TestAStateIsUsedOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		q, end := States{DB: w.d}, w.now.Add(time.Minute)
		got := tally(t, atOnce(func(int) error { return q.Use(t.Context(), "nonce", end) }))
		if got[0] != 1 || got[errs.NotRecognised.Code] != many-1 {
			t.Errorf("answers by code: %v", got)
		}
		for _, after := range []time.Duration{0, time.Millisecond} {
			if err := q.Sweep(t.Context(), end.Add(after)); err != nil {
				t.Fatal(err)
			}
			if n := count(t, w.d.DB, &OpenStateModel{}, "1 = 1"); n != 1-after.Milliseconds() {
				t.Errorf("%d left %v behind the end", n, after)
			}
		}
	})
}
