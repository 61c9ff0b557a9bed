package ws

import (
	"context"
	"time"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
)

// overdue reports whether the access token that s lives by has ended at now.
func (s *Session) overdue(now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.who.Ended(now)
}

// renew lets s live until end, in Unix seconds.
func (s *Session) renew(end int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.who.ExpiresAt = end
}

// authData is the data of the op auth, authAnswer that of its ack.
type (
	authData struct {
		AccessToken string `json:"accessToken"`
	}
	authAnswer struct {
		ExpiresIn int64 `json:"expiresIn"`
	}
)

// opAuth lets the socket live as long as a newer token of the same session. A
// token that is refused changes nothing.
func (h *Hub) opAuth(ctx context.Context, s *Session, req *request) {
	var in authData
	if err := fields(req, &in); err != nil {
		s.reply(req, nil, err)
		return
	}
	if in.AccessToken == "" {
		s.reply(req, nil, errs.BadArgument("accessToken"))
		return
	}
	r, err := h.auth.Verify(ctx, &auth_rpc.VerifyRequest{AccessToken: in.AccessToken})
	if err == nil && (r.UserId != s.who.UserID || r.SessionId != s.who.SessionID) {
		err = errs.Unauthorized // somebody else's, or another device's
	}
	if err != nil {
		s.reply(req, nil, err)
		return
	}
	s.renew(r.ExpiresAt)
	s.reply(req, authAnswer{r.ExpiresIn}, nil)
}
