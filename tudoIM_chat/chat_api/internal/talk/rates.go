package talk

import (
	"time"

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
	if err := r.User.Admit(user, each*int64(len(places))); err != nil {
		return err
	}
	for i, p := range places {
		err := r.group(p).Admit(p.Target, each)
		if err == nil {
			continue
		}
		r.User.GiveBack(user, each*int64(len(places)), at)
		for _, before := range places[:i] {
			r.group(before).GiveBack(before.Target, each, at)
		}
		return err
	}
	return nil
}

// settle gives the group's share back of a send to p, admitted at, of which no
// message has come: who may not send there costs those nothing who may.
func (r Rates) settle(p wire.Place, at time.Time, sent *wire.SendResult, err error) {
	if err != nil || sent.Code != 0 || sent.Dup {
		r.group(p).GiveBack(p.Target, 1, at)
	}
}

// group is what bounds p, nil if that is no group.
func (r Rates) group(p wire.Place) *rate.Limiter {
	if p.Type == wire.Group {
		return r.Group
	}
	return nil
}
