package model

import (
	"maps"
	"testing"
	"time"

	"tudoIM/common/errs"
)

func (w *world) issue(t *testing.T, ticket string, session uint64) {
	t.Helper()
	if err := w.tickets.Issue(t.Context(), ticket, session, 1_700_003_600, w.now); err != nil {
		t.Fatal(err)
	}
}

func TestTicketIsGoodOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		s, _ := w.open(t, 7, "d1")
		w.issue(t, "abc", s.ID)
		for _, typed := range []string{"", "ABC", "abc ", "ab", Hash("abc")} {
			_, _, err := w.tickets.Redeem(t.Context(), typed, w.now)
			wantCode(t, "ticket "+typed, err, errs.Unauthorized)
		}
		got, ends, err := w.tickets.Redeem(t.Context(), "abc", w.now)
		wantCode(t, "the ticket", err, nil)
		if got == nil || got.ID != s.ID || got.UserID != 7 || got.DeviceID != "d1" || got.Platform != "web" || got.Role != 2 || ends != 1_700_003_600 {
			t.Errorf("redeemed: %+v", got)
		}
		_, _, err = w.tickets.Redeem(t.Context(), "abc", w.now)
		wantCode(t, "again", err, errs.Unauthorized)
	})
}

func TestOneOfManyRedeemsTheTicket(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		s, _ := w.open(t, 1, "d1")
		w.issue(t, "abc", s.ID)
		got := tally(t, atOnce(func(int) error {
			_, _, err := w.tickets.Redeem(t.Context(), "abc", w.now)
			return err
		}))
		if want := map[int]int{0: 1, errs.Unauthorized.Code: many - 1}; !maps.Equal(got, want) {
			t.Errorf("answers by code: %v, want %v", got, want)
		}
	})
}

func TestTicketLives30Seconds(t *testing.T) {
	t.Parallel()
	if TicketTTL != 30*time.Second {
		t.Fatalf("tickets live %v", TicketTTL)
	}
	each(t, func(t *testing.T, w *world) {
		s, _ := w.open(t, 1, "d1")
		for ticket, c := range map[string]struct {
			after time.Duration
			want  *errs.Error
		}{
			"at its end":     {30 * time.Second, nil},
			"past its end":   {30*time.Second + time.Millisecond, errs.Unauthorized},
			"a day too late": {24 * time.Hour, errs.Unauthorized},
		} {
			w.issue(t, ticket, s.ID)
			_, _, err := w.tickets.Redeem(t.Context(), ticket, w.now.Add(c.after))
			wantCode(t, ticket, err, c.want)
			_, _, err = w.tickets.Redeem(t.Context(), ticket, w.now)
			wantCode(t, ticket+", then in time", err, errs.Unauthorized)
		}
	})
}

func TestTicketOfAnEndedSession(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		s, _ := w.open(t, 1, "d1")
		w.issue(t, "ended", s.ID)
		w.issue(t, "gone", s.ID+1)
		if _, err := w.sessions.End(t.Context(), 1, s.ID, false, ReasonLogout, w.now); err != nil {
			t.Fatal(err)
		}
		for _, ticket := range []string{"ended", "gone"} {
			_, _, err := w.tickets.Redeem(t.Context(), ticket, w.now)
			wantCode(t, ticket, err, errs.Unauthorized)
		}
		if n := count(t, w.d.DB, &TicketModel{}, "1 = 1"); n != 0 {
			t.Errorf("%d tickets not used up", n)
		}
	})
}

func TestSweepTakesTicketsThatEnded(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		s, _ := w.open(t, 1, "d1")
		w.issue(t, "old", s.ID)
		w.now = w.now.Add(time.Millisecond)
		w.issue(t, "new", s.ID)
		w.now = w.now.Add(TicketTTL)
		if err := w.tickets.Sweep(t.Context(), w.now); err != nil {
			t.Fatal(err)
		}
		if n := count(t, w.d.DB, &TicketModel{}, "1 = 1"); n != 1 {
			t.Errorf("%d tickets left", n)
		}
		_, _, err := w.tickets.Redeem(t.Context(), "new", w.now)
		wantCode(t, "at its end", err, nil)
	})
}
