package receive

import (
	"sync"
	"time"

	"tudoIM/common/errs"
)

// Turns bounds how many uploads one user has under way in this process.
type Turns struct {
	most int

	mu    sync.Mutex
	taken map[uint64]int
}

// NewTurns returns Turns that give each user most at a time.
func NewTurns(most int) *Turns { return &Turns{most: most, taken: map[uint64]int{}} }

// Take gives user a turn, which ends when leave is called, or answers
// errs.TooMany.
func (t *Turns) Take(user uint64) (leave func(), err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.taken[user] >= t.most {
		return nil, errs.TooMany.Retry(time.Second)
	}
	t.taken[user]++
	return sync.OnceFunc(func() { t.leave(user) }), nil
}

func (t *Turns) leave(user uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.taken[user]--; t.taken[user] == 0 {
		delete(t.taken, user)
	}
}
