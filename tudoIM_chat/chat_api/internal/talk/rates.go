package talk

import (
	"tudoIM/common/errs"
	"tudoIM/common/rate"
	"tudoIM/common/wire"
)

// Rates bound how often messages are sent. A nil one bounds nothing.
type Rates struct {
	// User is for what one user sends, Group for what is sent to one group.
	User, Group *rate.Limiter
}

// admit answers errs.TooMany if user has to wait before n more messages may go
// to p.
func (r Rates) admit(user uint64, p wire.Place, n int) error {
	wait := r.User.Take(user, int64(n))
	if wait == 0 && p.Type == wire.Group {
		if wait = r.Group.Take(p.Target, int64(n)); wait > 0 {
			r.User.GiveBack(user, int64(n))
		}
	}
	if wait > 0 {
		return errs.TooMany.Retry(wait)
	}
	return nil
}
