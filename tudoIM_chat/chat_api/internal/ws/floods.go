package ws

import (
	"errors"
	"time"

	"github.com/gorilla/websocket"

	"tudoIM/common/errs"
	"tudoIM/common/rate"
)

// refusals is how many of a socket's requests may be refused because they are
// too many before the socket is closed: who waits as he is told never comes
// near.
var refusals = rate.Rate{Count: 100, Per: time.Minute, Burst: 100}

// mayAsk answers errs.TooMany if the user of s has asked for too much lately.
func (h *Hub) mayAsk(s *Session) error {
	if wait := h.ops.Take(s.who.UserID, 1); wait > 0 {
		return errs.TooMany.Retry(wait)
	}
	return nil
}

// floods closes a socket that does not listen when err tells it to wait.
func (h *Hub) floods(s *Session, err error) {
	if errors.Is(err, errs.TooMany) && h.refused.Take(s.id, 1) > 0 {
		s.Close(websocket.ClosePolicyViolation, "too many requests")
	}
}
