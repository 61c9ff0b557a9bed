package talk

import (
	"time"

	"tudoIM/common/errs"
	"tudoIM/common/rate"
	"tudoIM/common/wire"
)

// Rates bound how often messages are sent. A nil one bounds nothing.
type Rates struct {
	// User is for what one user sends, Group for what is sent to one group.
	User, Group *rate.Limiter
}

// admit answers errs.TooMany if user has to wait before n messages may go to
// each of places; then nothing is counted.
func (r Rates) admit(user uint64, n int, places ...wire.Place) error {
	at, each := time.Now(), int64(n)
	if wait := r.User.Take(user, each*int64(len(places))); wait > 0 {
		return errs.TooMany.Retry(wait)
	}
	for i, p := range places {
		wait := r.group(p).Take(p.Target, each)
		if wait == 0 {
			continue
		}
		r.User.GiveBack(user, each*int64(len(places)), at)
		for _, before := range places[:i] {
			r.group(before).GiveBack(before.Target, each, at)
		}
		return errs.TooMany.Retry(wait)
	}
	return nil
}

// spare gives the group's share of a message back that was admitted at and came
// to nothing: who may not send there costs those nothing who may.
func (r Rates) spare(p wire.Place, at time.Time) { r.group(p).GiveBack(p.Target, 1, at) }

// group is what bounds p, nil if that is no group.
func (r Rates) group(p wire.Place) *rate.Limiter {
	if p.Type == wire.Group {
		return r.Group
	}
	return nil
}

// isNew reports whether a send has made a message.
func isNew(r *wire.SendResult, err error) bool { return err == nil && r.Code == 0 && !r.Dup }
