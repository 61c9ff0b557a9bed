package logic

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
)

// from logs in on name from an address and a device.
func (w *world) from(t *testing.T, ip, device, name, pwd string) error {
	t.Helper()
	_, err := NewLoginLogic(t.Context(), w.ServiceContext).Login(&auth_rpc.LoginRequest{
		UserName: name, Password: pwd, Device: &auth_rpc.Device{Id: device, Platform: "web", Ip: ip},
	})
	return err
}

// strict sets the limits that a site has by itself.
func (w *world) strict() {
	w.Limits.AccountIP, w.Limits.Account, w.Limits.Device, w.Limits.IP = 5, 20, 5, 60
}

func wantLocked(t *testing.T, what string, err error) {
	t.Helper()
	wantCode(t, what, err, errs.Locked)
	var e *errs.Error
	if errors.As(err, &e) {
		if after, _ := strconv.Atoi(e.Data[errs.RetryAfter]); after < 1 || after > 3600 {
			t.Errorf("%s: to come back after %q s", what, e.Data[errs.RetryAfter])
		}
	}
}

// Row A14: guesses end after the limit, from one address and from many, and
// the owner's device still gets in.
func TestGuessesHaveALimitAndTheOwnerGetsIn(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.strict()
		w.register(t, "ann", "own")
		for _, name := range []string{"ann", "nobody"} { // a limit does not tell who there is
			for i := range 5 {
				wantCode(t, fmt.Sprint(name, " at the limit ", i), w.from(t, "192.0.2.1", "x", name, "wrong"), errs.BadCredentials)
			}
			wantLocked(t, name+" past it", w.from(t, "192.0.2.1", "x", name, "wrong"))
			wantLocked(t, name+" on another device", w.from(t, "192.0.2.1", "y", name, "wrong"))
			wantLocked(t, name+" spelt otherwise", w.from(t, "192.0.2.1", "x", strings.ToUpper(name), "wrong"))
			for i := range 15 {
				wantCode(t, fmt.Sprint(name, " from elsewhere ", i), w.from(t, fmt.Sprintf("198.51.100.%d", i), "x", name, "wrong"), errs.BadCredentials)
			}
			wantLocked(t, name+" from everywhere", w.from(t, "203.0.113.1", "x", name, "wrong"))
		}
		wantLocked(t, "the right password on a new device", w.from(t, "203.0.113.1", "x", "ann", password))
		wantCode(t, "on the owner's device", w.from(t, "203.0.113.1", "own", "ann", password), nil)
		wantCode(t, "and by id", w.from(t, "192.0.2.1", "own", "1", password), nil)
		for i := range 5 {
			wantCode(t, fmt.Sprint("a guess on the owner's device ", i), w.from(t, fmt.Sprintf("203.0.113.%d", i), "own", "ann", "wrong"), errs.BadCredentials)
		}
		wantLocked(t, "past the device's own limit", w.from(t, "203.0.113.9", "own", "ann", password))
	})
}

func TestGuessesFromOneAddressHaveALimit(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	w.strict()
	w.register(t, "ann", "own")
	for i := range 60 {
		ip := fmt.Sprintf("2001:db8::%x", i) // of one network
		wantCode(t, fmt.Sprint("account ", i), w.from(t, ip, "x", fmt.Sprint("nobody", i), "wrong"), errs.BadCredentials)
	}
	wantLocked(t, "past the limit", w.from(t, "2001:db8::ffff", "x", "one more", "wrong"))
	wantCode(t, "from the next network", w.from(t, "2001:db8:0:1::1", "x", "one more", "wrong"), errs.BadCredentials)
	wantCode(t, "the owner's device behind it", w.from(t, "2001:db8::1", "own", "ann", password), nil)
}

func TestWhoIsRightIsNotCounted(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	w.strict()
	w.register(t, "ann", "own")
	for i := range 30 {
		wantCode(t, fmt.Sprint("login ", i), w.from(t, "192.0.2.1", fmt.Sprint("new", i), "ann", password), nil)
	}
	w.users.accounts["ann"].Disabled = true
	for i := range 10 {
		wantCode(t, fmt.Sprint("disabled ", i), w.from(t, "192.0.2.1", fmt.Sprint("x", i), "ann", password), errs.Disabled)
	}
	w.users.fail = errs.Unavailable
	for i := range 10 {
		wantCode(t, fmt.Sprint("user_rpc away ", i), w.from(t, "192.0.2.1", "x", "ann", "wrong"), errs.Unavailable)
	}
	if n := w.counted(t); n != 0 {
		t.Errorf("%d are counted", n)
	}
}

func TestParallelGuessesDoNotPassTheLimit(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.strict()
		w.register(t, "ann", "own")
		const many = 40
		got := make([]error, many)
		var wg sync.WaitGroup
		for i := range many {
			wg.Go(func() { got[i] = w.from(t, "192.0.2.1", fmt.Sprint("x", i), "ann", "wrong") })
		}
		wg.Wait()
		looked := 0
		for i, err := range got {
			if errors.Is(err, errs.BadCredentials) {
				looked++
				continue
			}
			wantLocked(t, fmt.Sprint("guess ", i), err)
		}
		if looked != 5 {
			t.Errorf("%d passwords were looked at", looked)
		}
	})
}

// Limits are kept where the sessions are: they need no Redis.
func TestGuessesHaveALimitWithoutRedis(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	w.strict()
	w.register(t, "ann", "own")
	w.redisAway()
	for i := range 5 {
		wantCode(t, fmt.Sprint("guess ", i), w.from(t, "192.0.2.1", "x", "ann", "wrong"), errs.BadCredentials)
	}
	wantLocked(t, "past the limit", w.from(t, "192.0.2.1", "x", "ann", "wrong"))
}

func TestRegistrationsHaveALimit(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.Limits.Register = 3
		w.register(t, "ann", "d1")
		_, err := w.tryRegister(t, "ann", password, "d1")
		wantCode(t, "a name that is taken counts", err, errs.NameTaken)
		_, err = w.tryRegister(t, "bob", "short", "d1")
		wantCode(t, "what is refused at sight does not", err, errs.WeakPassword)
		w.register(t, "bob", "d1")
		_, err = w.tryRegister(t, "carl", password, "d1")
		wantCode(t, "past the limit", err, errs.TooMany)
		if after := errs.From(err).Data[errs.RetryAfter]; after == "" || after == "0" {
			t.Errorf("to come back after %q s", after)
		}
		if len(w.users.created) != 2 {
			t.Errorf("made %d", len(w.users.created))
		}
	})
}

// A closed site admits who has its code, and nobody while it has none.
func TestAnInviteCodeOpensAClosedSite(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		closed      bool
		code, given string
		want        *errs.Error
	}{
		"open, none needed":      {false, "let-me-in", "", nil},
		"open, a wrong one":      {false, "let-me-in", "wrong", nil},
		"closed, the right one":  {true, "let-me-in", "let-me-in", nil},
		"closed, none":           {true, "let-me-in", "", errs.RegisterClosed},
		"closed, a wrong one":    {true, "let-me-in", "let-me-iN", errs.RegisterClosed},
		"closed, part of it":     {true, "let-me-in", "let-me", errs.RegisterClosed},
		"closed without a code":  {true, "", "", errs.RegisterClosed},
		"closed, a code of none": {true, "", "x", errs.RegisterClosed},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			w := onSQLite(t)
			w.site.closed, w.site.code = c.closed, c.code
			_, err := NewRegisterLogic(t.Context(), w.ServiceContext).Register(&auth_rpc.RegisterRequest{
				UserName: "ann", Password: password, InviteCode: c.given, Device: &auth_rpc.Device{Id: "d1", Platform: "web"},
			})
			wantCode(t, what, err, c.want)
		})
	}
	w := onSQLite(t)
	w.site.closed, w.site.code, w.Limits.Register = true, "let-me-in", 3
	for range 4 {
		_, _ = NewRegisterLogic(t.Context(), w.ServiceContext).Register(&auth_rpc.RegisterRequest{
			UserName: "ann", Password: password, InviteCode: "guess", Device: &auth_rpc.Device{Id: "d1", Platform: "web"},
		})
	}
	_, err := NewRegisterLogic(t.Context(), w.ServiceContext).Register(&auth_rpc.RegisterRequest{
		UserName: "ann", Password: password, InviteCode: "let-me-in", Device: &auth_rpc.Device{Id: "d1", Platform: "web"},
	})
	wantCode(t, "the right one after too many guesses", err, errs.TooMany)
}
