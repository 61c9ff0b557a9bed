// Package auth finds out who a request comes from.
package auth

import (
	"context"
	"net/http"
	"strings"
	"time"

	"google.golang.org/grpc"

	"tudoIM/common/errs"
	"tudoIM/common/event"
	"tudoIM/common/token"
	"tudoIM/common/wire"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
)

// Sessions is the part of auth_rpc the gateway asks.
type Sessions interface {
	Check(ctx context.Context, in *auth_rpc.CheckRequest, opts ...grpc.CallOption) (*auth_rpc.CheckResponse, error)
	RedeemTicket(ctx context.Context, in *auth_rpc.RedeemTicketRequest, opts ...grpc.CallOption) (*auth_rpc.RedeemTicketResponse, error)
}

// Guard tells who a request comes from, and refuses who is nobody.
type Guard struct {
	secret   []byte
	links    []byte
	sessions Sessions
	alive    *alive
}

// NewGuard verifies access tokens with secret and signed links with links, and
// asks sessions who still lives.
func NewGuard(secret, links []byte, sessions Sessions) *Guard {
	g := &Guard{secret: secret, links: links, sessions: sessions}
	g.alive = newAlive(g.check)
	return g
}

// Listen lets ended sessions be known at once; it returns when ctx ends.
// Without it, and while the bus is away, every request asks auth_rpc.
func (g *Guard) Listen(ctx context.Context, bus *event.Bus) {
	sub := bus.Subscribe(ctx, func(_ string, e *wire.Event) { g.Heard(e) }, g.alive.clear, event.Sessions)
	g.alive.trust(sub.Up)
	<-ctx.Done()
	g.alive.trust(func() bool { return false })
}

// Heard forgets the sessions that a kick names.
func (g *Guard) Heard(e *wire.Event) {
	if e.Name != event.Kick {
		return
	}
	for _, to := range e.To {
		g.alive.forget(to.UserId, e.SessionIds)
	}
}

// Forget asks auth_rpc anew for the sessions of user, this node's own bell
// for what its answers may have changed.
func (g *Guard) Forget(user uint64) { g.alive.forget(user, nil) }

// Identify returns who sent r, by its token. It answers errs.Unauthorized,
// TokenExpired or Kicked, and Unavailable when nobody can tell.
func (g *Guard) Identify(r *http.Request) (token.Identity, error) {
	raw, err := bearer(r.Header)
	if err != nil {
		return token.Identity{}, err
	}
	id, end, err := token.Parse(g.secret, raw, time.Now())
	if err != nil {
		return token.Identity{}, err
	}
	id.ExpiresAt = end.Unix()
	return id, g.alive.ask(r.Context(), id.UserID, id.SessionID)
}

// Redeem returns whose socket ticket is, and uses it up.
func (g *Guard) Redeem(ctx context.Context, ticket string) (token.Identity, error) {
	if len(ticket) > maxTicket {
		return token.Identity{}, errs.Unauthorized
	}
	t, err := g.sessions.RedeemTicket(ctx, &auth_rpc.RedeemTicketRequest{Ticket: ticket})
	if err != nil {
		return token.Identity{}, verdict(err)
	}
	return token.Identity{
		UserID: t.UserId, Role: int(t.Role), SessionID: t.SessionId, DeviceID: t.DeviceId, Platform: t.Platform,
		ExpiresAt: t.ExpiresAt,
	}, nil
}

// Open returns in whose name sign lets file be read. Whatever is wrong with it
// is errs.FileAccess, also if its session has ended; Unavailable is that nobody
// can tell.
func (g *Guard) Open(ctx context.Context, file, sign string) (token.Identity, error) {
	l, err := token.OpenLink(g.links, file, sign, time.Now())
	if err != nil {
		return token.Identity{}, err
	}
	if err := g.alive.ask(ctx, l.UserID, l.SessionID); err != nil {
		if errs.From(err).Status < http.StatusInternalServerError {
			err = errs.FileAccess
		}
		return token.Identity{}, err
	}
	return token.Identity{UserID: l.UserID, SessionID: l.SessionID, ExpiresAt: l.ExpiresAt}, nil
}

const maxTicket = 256

func (g *Guard) check(ctx context.Context, user, session uint64) error {
	_, err := g.sessions.Check(ctx, &auth_rpc.CheckRequest{UserId: user, SessionId: session})
	return verdict(err)
}

// verdict leaves three answers: alive, refused, or not known.
func verdict(err error) error {
	if err == nil {
		return nil
	}
	switch e := errs.From(errs.FromGRPC(err)); e.Status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return e
	case http.StatusNotFound, http.StatusBadRequest:
		return errs.Unauthorized
	}
	return errs.Unavailable
}

// bearer returns the one token in h: two that differ are refused, for who
// reads the other one would take the request for somebody else's.
func bearer(h http.Header) (string, error) {
	found := ""
	for _, v := range h.Values("Authorization") {
		scheme, raw, _ := strings.Cut(v, " ")
		raw = strings.TrimSpace(raw)
		if !strings.EqualFold(scheme, "Bearer") || raw == "" || found != "" && found != raw {
			return "", errs.Unauthorized
		}
		found = raw
	}
	for _, raw := range h.Values("Token") {
		if raw == "" || found != "" && found != raw {
			return "", errs.Unauthorized
		}
		found = raw
	}
	if found == "" {
		return "", errs.Unauthorized
	}
	return found, nil
}

// HasToken reports whether h carries anything that looks like a token.
func HasToken(h http.Header) bool {
	return len(h.Values("Authorization"))+len(h.Values("Token")) > 0
}

// StripToken removes the tokens from h: behind the gateway nobody needs them.
func StripToken(h http.Header) {
	h.Del("Authorization")
	h.Del("Token")
	h.Del("Cookie")
}
