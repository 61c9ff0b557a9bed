package model

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"tudoIM/common/errs"
	"tudoIM/core/db"
	"tudoIM/core/db/dbtest"
)

// many is how many goroutines try the same at once.
const many = 20

// world is a database with sessions and what tests do with them.
type world struct {
	d        *db.DB
	sessions Sessions
	tickets  Tickets
	tokens   Tokens
	now      time.Time
}

func newWorld(d *db.DB) *world {
	return &world{
		d: d, sessions: Sessions{DB: d}, tickets: Tickets{DB: d}, now: time.UnixMilli(1_700_000_000_000),
		tokens: Tokens{Secret: []byte(strings.Repeat("k", 32)), Access: time.Hour, Refresh: 30 * 24 * time.Hour},
	}
}

// each runs f on a fresh world of either database.
func each(t *testing.T, f func(t *testing.T, w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { f(t, newWorld(d)) }, Migration)
}

// open logs user in on device now, and returns the session and its refresh secret.
func (w *world) open(t *testing.T, user uint64, device string) (*SessionModel, string) {
	t.Helper()
	s, secret, _ := w.login(t, user, device)
	return s, secret
}

func (w *world) login(t *testing.T, user uint64, device string) (s *SessionModel, secret string, ended []uint64) {
	t.Helper()
	s = &SessionModel{UserID: user, Role: 2, DeviceID: device, Platform: "web", DeviceName: "Firefox", IP: "127.0.0.1"}
	secret = w.tokens.Renew(s, w.now)
	replaced, err := w.sessions.Open(t.Context(), s, LoginAll)
	if err != nil {
		t.Fatal(err)
	}
	return s, secret, ids(replaced)
}

func ids(list []*SessionModel) []uint64 {
	var all []uint64
	for _, s := range list {
		all = append(all, s.ID)
	}
	return all
}

// refresh presents secret of generation gen at w.now plus after.
func (w *world) refresh(t *testing.T, id, gen uint64, secret, device string, after time.Duration) (s *SessionModel, next string, err error) {
	t.Helper()
	now := w.now.Add(after)
	s, err = w.sessions.Rotate(t.Context(), id, gen, secret, device, now, func(s *SessionModel) {
		next = w.tokens.Renew(s, now)
	})
	return s, next, err
}

func (w *world) stored(t *testing.T, id uint64) *SessionModel {
	t.Helper()
	s, err := w.sessions.ByID(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// ended returns why session id ended, or "" while it lives.
func (w *world) ended(t *testing.T, id uint64) string {
	t.Helper()
	s := w.stored(t, id)
	if (s.RevokedAt != 0) != (s.RevokeReason != "") {
		t.Errorf("session %d: revoked at %d for %q", id, s.RevokedAt, s.RevokeReason)
	}
	return s.RevokeReason
}

func count(t *testing.T, d *gorm.DB, model any, where string, args ...any) int64 {
	t.Helper()
	var n int64
	if err := d.Model(model).Where(where, args...).Count(&n).Error; err != nil {
		t.Fatal(err)
	}
	return n
}

// atOnce runs f many times at the same moment and returns the errors.
func atOnce(f func(i int) error) []error {
	start, got := make(chan struct{}), make([]error, many)
	var wg sync.WaitGroup
	for i := range got {
		wg.Go(func() {
			<-start
			got[i] = f(i)
		})
	}
	close(start)
	wg.Wait()
	return got
}

// tally counts the refusals in all by their codes; 0 is success, and an error
// without a code fails the test.
func tally(t *testing.T, all []error) map[int]int {
	t.Helper()
	n := map[int]int{}
	for _, err := range all {
		var e *errs.Error
		switch {
		case err == nil:
			n[0]++
		case errors.As(err, &e):
			n[e.Code]++
		default:
			t.Error(err)
		}
	}
	return n
}

func wantCode(t *testing.T, what string, err error, want *errs.Error) {
	t.Helper()
	if want == nil && err != nil || want != nil && !errors.Is(err, want) {
		t.Errorf("%s: %v, want %v", what, err, want)
	}
}

func TestSchema(t *testing.T) {
	t.Parallel()
	dbtest.Schema(t, Migration, &SessionModel{}, &TicketModel{}, &SessionOwnerModel{}, &AttemptModel{}, &OpenStateModel{})
}
