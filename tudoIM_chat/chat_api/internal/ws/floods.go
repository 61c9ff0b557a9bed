package ws

import (
	"errors"
	"time"

	"github.com/gorilla/websocket"

	"tudoIM/common/errs"
)

// maxRefused is how many requests of a socket may be refused in a minute because
// they are too many before the socket is closed: who waits as he is told never
// comes near.
const maxRefused = 100

// floods closes a socket that does not listen when err tells it to wait.
func (s *Session) floods(err error, now time.Time) {
	if errors.Is(err, errs.TooMany) && s.refused(now) > maxRefused {
		s.Close(websocket.ClosePolicyViolation, "too many requests")
	}
}

// refused counts what is refused at now in the minute it falls in.
func (s *Session) refused(now time.Time) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now.Sub(s.refusing) >= time.Minute {
		s.refusing, s.refusals = now, 0
	}
	s.refusals++
	return s.refusals
}
