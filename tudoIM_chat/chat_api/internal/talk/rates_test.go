package talk

import (
	"errors"
	"strconv"
	"testing"
	"time"

	"tudoIM/common/errs"
	"tudoIM/common/rate"
	"tudoIM/common/wire"
)

func TestSendsAreCountedByUserAndByGroup(t *testing.T) {
	t.Parallel()
	group, peer := wire.Place{Type: wire.Group, Target: 5}, wire.Place{Type: wire.Private, Target: 5}
	r := Rates{
		User:  rate.New("send", rate.Rate{Count: 30, Per: time.Hour, Burst: 30}),
		Group: rate.New("group", rate.Rate{Count: 50, Per: time.Hour, Burst: 50}),
	}
	sends := func(user uint64, p wire.Place, want int) {
		t.Helper()
		n := 0
		for r.admit(user, 1, p) == nil {
			n++
		}
		if n != want {
			t.Errorf("%d sends of %d to %v, want %d", n, user, p, want)
		}
	}
	sends(1, peer, 30)
	sends(1, group, 0)
	sends(2, group, 30)
	sends(2, peer, 0)
	sends(3, group, 20) // the group has had 50
	sends(3, peer, 10)
	sends(4, wire.Place{Type: wire.Group, Target: 6}, 30)   // another one
	sends(5, wire.Place{Type: wire.Private, Target: 6}, 30) // no group
	if err := r.admit(6, 100, peer); err != nil {           // forwarded at once
		t.Error(err)
	}
	err := r.admit(6, 1, peer)
	wait, _ := strconv.Atoi(errs.From(err).Data[errs.RetryAfter]) // 71 of them
	if !errors.Is(err, errs.TooMany) || wait < 8400 || wait > 8520 {
		t.Errorf("%v", err)
	}
	if err := (Rates{}).admit(1, 1, group); err != nil {
		t.Errorf("without limits: %v", err)
	}
}

func TestWhatIsForwardedIsCountedAtOnce(t *testing.T) {
	t.Parallel()
	newRates := func() Rates {
		return Rates{
			User:  rate.New("send", rate.Rate{Count: 30, Per: time.Hour, Burst: 30}),
			Group: rate.New("group", rate.Rate{Count: 50, Per: time.Hour, Burst: 50}),
		}
	}
	var friends []wire.Place
	for n := range uint64(20) {
		friends = append(friends, wire.Place{Type: wire.Private, Target: n})
	}
	for _, n := range []int{16, 100} {
		for _, places := range [][]wire.Place{friends[:2], friends} {
			if err := newRates().admit(1, n, places...); err != nil {
				t.Errorf("%d to %d: %v", n, len(places), err)
			}
		}
	}
	r, quiet, busy := newRates(), wire.Place{Type: wire.Group, Target: 5}, wire.Place{Type: wire.Group, Target: 6}
	for user := range uint64(50) {
		if err := r.admit(100+user, 1, busy); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.admit(1, 10, quiet, busy); !errors.Is(err, errs.TooMany) {
		t.Errorf("%v", err)
	}
	for range 30 { // nothing was counted
		if err := r.admit(1, 1, quiet); err != nil {
			t.Fatal(err)
		}
	}
	for range 100 { // nor is what comes to nothing
		at := time.Now()
		if err := r.admit(200, 1, busy); err == nil {
			t.Fatal("past the limit")
		}
		r.settle(busy, at, &wire.SendResult{Code: 50003}, nil)
		if err := r.admit(201, 1, busy); err != nil {
			break
		}
	}
}
