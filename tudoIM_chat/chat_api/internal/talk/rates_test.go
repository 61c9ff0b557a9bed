package talk

import (
	"errors"
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
		for r.admit(user, p, 1) == nil {
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
	if err := r.admit(6, peer, 100); err != nil {           // forwarded at once
		t.Error(err)
	}
	if err := r.admit(6, peer, 1); !errors.Is(err, errs.TooMany) || errs.From(err).Data[errs.RetryAfter] != "8520" { // 71 of them
		t.Errorf("%v", err)
	}
	if err := (Rates{}).admit(1, group, 1); err != nil {
		t.Errorf("without limits: %v", err)
	}
}
