package auth

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v4"
	"google.golang.org/grpc"

	"tudoIM/common/errs"
	"tudoIM/common/event"
	"tudoIM/common/token"
	"tudoIM/common/wire"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
)

var (
	secret = []byte("0123456789abcdef0123456789abcdef")
	links  = token.LinkKey(secret)
)

// rpc is a fake auth_rpc.
type rpc struct {
	asked atomic.Int32
	check func() error
}

func (r *rpc) Check(context.Context, *auth_rpc.CheckRequest, ...grpc.CallOption) (*auth_rpc.CheckResponse, error) {
	r.asked.Add(1)
	if r.check == nil {
		return &auth_rpc.CheckResponse{}, nil
	}
	return &auth_rpc.CheckResponse{}, r.check()
}

func (r *rpc) RedeemTicket(_ context.Context, in *auth_rpc.RedeemTicketRequest, _ ...grpc.CallOption) (*auth_rpc.RedeemTicketResponse, error) {
	if in.Ticket != "good" {
		return nil, errs.Unauthorized
	}
	return &auth_rpc.RedeemTicketResponse{UserId: 2, SessionId: 7, ExpiresAt: 1_700_000_000}, nil
}

func guard(r *rpc, busUp bool) *Guard {
	g := NewGuard(secret, links, r)
	g.alive.trust(func() bool { return busUp })
	return g
}

func access(t *testing.T, at time.Time) string {
	t.Helper()
	raw, err := token.Issue(secret, token.Identity{UserID: 2, SessionID: 7}, at, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func request(headers ...string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	return r
}

func forged(t *testing.T, method jwt.SigningMethod, key any, change func(jwt.MapClaims)) string {
	t.Helper()
	now := time.Now()
	c := jwt.MapClaims{
		"iss": "tudoIM", "aud": "tudoIM", "typ": "access", "iat": now.Unix(), "exp": now.Add(time.Hour).Unix(),
		"uid": 2, "sid": 7, "role": 2,
	}
	change(c)
	raw, err := jwt.NewWithClaims(method, c).SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestIdentify(t *testing.T) {
	t.Parallel()
	begin := time.Now()
	good, other := access(t, begin), access(t, begin.Add(-time.Second))
	same := func(jwt.MapClaims) {}
	for _, c := range []struct {
		name string
		r    *http.Request
		want error
	}{
		{"bearer", request("Authorization", "Bearer "+good), nil},
		{"bearer in small letters", request("Authorization", "bearer "+good), nil},
		{"token header", request("Token", good), nil},
		{"the same in both", request("Token", good, "Authorization", "Bearer "+good), nil},
		{"two that differ", request("Token", good, "Authorization", "Bearer "+other), errs.Unauthorized},
		{"two bearers that differ", request("Authorization", "Bearer "+good, "Authorization", "Bearer "+other), errs.Unauthorized},
		{"none", request(), errs.Unauthorized},
		{"basic", request("Authorization", "Basic "+good), errs.Unauthorized},
		{"empty", request("Authorization", "Bearer "), errs.Unauthorized},
		{"alg none", request("Token", forged(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, same)), errs.Unauthorized},
		{"alg HS512", request("Token", forged(t, jwt.SigningMethodHS512, secret, same)), errs.Unauthorized},
		{"another secret", request("Token", forged(t, jwt.SigningMethodHS256, []byte("x"), same)), errs.Unauthorized},
		{"typ refresh", request("Token", forged(t, jwt.SigningMethodHS256, secret, func(c jwt.MapClaims) { c["typ"] = "refresh" })), errs.Unauthorized},
		{"no exp", request("Token", forged(t, jwt.SigningMethodHS256, secret, func(c jwt.MapClaims) { delete(c, "exp") })), errs.Unauthorized},
		{"expired", request("Token", access(t, time.Now().Add(-2*time.Hour))), errs.TokenExpired},
	} {
		id, err := guard(&rpc{}, true).Identify(c.r)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, err, c.want)
		}
		if c.want == nil && (id.UserID != 2 || id.SessionID != 7 || id.ExpiresAt != begin.Add(time.Hour).Unix()) {
			t.Errorf("%s: identity %+v", c.name, id)
		}
	}
}

func TestIdentifyFailsClosed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name      string
		rpc, want error
	}{
		{"session ended", errs.Kicked, errs.Kicked},
		{"no such session", errs.NotFound, errs.Unauthorized},
		{"auth_rpc away", errs.Unavailable, errs.Unavailable},
		{"auth_rpc broken", errors.New("boom"), errs.Unavailable},
		{"too slow", context.DeadlineExceeded, errs.Unavailable},
	} {
		g := guard(&rpc{check: func() error { return c.rpc }}, true)
		for range 2 { // and a refusal is not remembered as anything else
			if _, err := g.Identify(request("Token", access(t, time.Now()))); !errors.Is(err, c.want) {
				t.Errorf("%s: got %v, want %v", c.name, err, c.want)
			}
		}
	}
}

func TestAnswersAreRememberedOnlyWhileKicksAreHeard(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		busUp bool
		asked int32
	}{{true, 1}, {false, 3}} {
		r := &rpc{}
		g := guard(r, c.busUp)
		for range 3 {
			if _, err := g.Identify(request("Token", access(t, time.Now()))); err != nil {
				t.Fatal(err)
			}
		}
		if got := r.asked.Load(); got != c.asked {
			t.Errorf("bus up %v: asked %d times, want %d", c.busUp, got, c.asked)
		}
	}
}

func TestKickEvicts(t *testing.T) {
	t.Parallel()
	kick := func(sessions ...uint64) *wire.Event {
		return &wire.Event{Name: event.Kick, To: []*wire.Receiver{{UserId: 2}}, SessionIds: sessions}
	}
	for _, c := range []struct {
		name string
		do   func(g *Guard)
		want error
	}{
		{"this session", func(g *Guard) { g.Heard(kick(7)) }, errs.Kicked},
		{"all sessions", func(g *Guard) { g.Heard(kick()) }, errs.Kicked},
		{"the bus was away", func(g *Guard) { g.alive.clear() }, errs.Kicked},
		{"our own bell", func(g *Guard) { g.Forget(2) }, errs.Kicked},
		{"another session", func(g *Guard) { g.Heard(kick(8)) }, nil},
		{"another event", func(g *Guard) { g.Heard(&wire.Event{Name: event.Message, To: kick().To}) }, nil},
	} {
		var ended atomic.Bool
		g := guard(&rpc{check: func() error {
			if ended.Load() {
				return errs.Kicked
			}
			return nil
		}}, true)
		if _, err := g.Identify(request("Token", access(t, time.Now()))); err != nil {
			t.Fatal(err)
		}
		ended.Store(true)
		c.do(g)
		if _, err := g.Identify(request("Token", access(t, time.Now()))); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, err, c.want)
		}
	}
}

func TestAnswerOlderThanTheKickIsNotKept(t *testing.T) {
	t.Parallel()
	asked, answer := make(chan struct{}), make(chan struct{})
	var calls atomic.Int32
	g := guard(&rpc{check: func() error {
		if calls.Add(1) > 1 {
			return errs.Kicked
		}
		close(asked)
		<-answer
		return nil
	}}, true)
	raw := access(t, time.Now())
	done := make(chan error)
	go func() { _, err := g.Identify(request("Token", raw)); done <- err }()
	<-asked
	g.Heard(&wire.Event{Name: event.Kick, To: []*wire.Receiver{{UserId: 2}}})
	if _, err := g.Identify(request("Token", raw)); !errors.Is(err, errs.Kicked) {
		t.Errorf("who came after the kick got the answer of before: %v", err)
	}
	close(answer)
	if err := <-done; err != nil {
		t.Errorf("who came before it: %v", err)
	}
	if _, err := g.Identify(request("Token", raw)); !errors.Is(err, errs.Kicked) {
		t.Errorf("the old answer was kept: %v", err)
	}
}

func TestOneQuestionForAll(t *testing.T) {
	t.Parallel()
	const n = 50
	answer := make(chan struct{})
	r := &rpc{check: func() error { <-answer; return nil }}
	g := guard(r, true)
	raw := access(t, time.Now())
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			if _, err := g.Identify(request("Token", raw)); err != nil {
				t.Error(err)
			}
		})
	}
	close(answer)
	wg.Wait()
	if got := r.asked.Load(); got > 2 { // one waits for it, later ones find it kept
		t.Errorf("asked %d times", got)
	}
}

func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	a := newAlive(func(context.Context, uint64, uint64) error { return nil })
	now := time.Now()
	for u := range uint64(3 * maxUsers) {
		a.keep(question{u, 1}, now)
	}
	for s := range uint64(10 * maxSessions) {
		a.keep(question{1, s}, now)
	}
	if n := len(a.young) + len(a.elder); n > 2*maxUsers {
		t.Errorf("%d users are remembered", n)
	}
	if n := len(a.young[1]); n > maxSessions {
		t.Errorf("%d sessions of one user are remembered", n)
	}
	if a.known(question{1, 10*maxSessions - 1}, now.Add(trusted)) {
		t.Error("an answer is trusted past its time")
	}
}

func TestRedeem(t *testing.T) {
	t.Parallel()
	g := guard(&rpc{}, true)
	if id, err := g.Redeem(t.Context(), "good"); err != nil || id.UserID != 2 || id.SessionID != 7 || id.ExpiresAt != 1_700_000_000 {
		t.Errorf("good ticket: %+v, %v", id, err)
	}
	if _, err := g.Redeem(t.Context(), "bad"); !errors.Is(err, errs.Unauthorized) {
		t.Errorf("bad ticket: %v", err)
	}
}

func TestASignedLinkLivesAsLongAsItsSession(t *testing.T) {
	t.Parallel()
	const uid = "AAAAAAAAAAAAAAAAAAAAAA"
	link := token.Link{File: uid, UserID: 2, SessionID: 7, ExpiresAt: time.Now().Add(time.Hour).Unix()}
	over := link
	over.ExpiresAt = time.Now().Unix()
	for _, c := range []struct {
		name, file, sign string
		rpc, want        error
	}{
		{"good", uid, link.Seal(links), nil, nil},
		{"session ended", uid, link.Seal(links), errs.Kicked, errs.FileAccess},
		{"no such session", uid, link.Seal(links), errs.NotFound, errs.FileAccess},
		{"account disabled", uid, link.Seal(links), errs.Disabled, errs.FileAccess},
		{"auth_rpc away", uid, link.Seal(links), errs.Unavailable, errs.Unavailable},
		{"auth_rpc broken", uid, link.Seal(links), errors.New("boom"), errs.Unavailable},
		{"another file", uid + "x", link.Seal(links), nil, errs.FileAccess},
		{"over", uid, over.Seal(links), nil, errs.FileAccess},
		{"another key", uid, link.Seal(secret), nil, errs.FileAccess},
		{"none", uid, "", nil, errs.FileAccess},
	} {
		r := &rpc{check: func() error { return c.rpc }}
		id, err := guard(r, true).Open(t.Context(), c.file, c.sign)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
		if c.want == nil && (id.UserID != 2 || id.SessionID != 7 || id.ExpiresAt != link.ExpiresAt) {
			t.Errorf("%s: %+v", c.name, id)
		}
	}

	// What is known of its session is remembered, and forgotten, as for tokens.
	r := &rpc{}
	g := guard(r, true)
	for range 3 {
		if _, err := g.Open(t.Context(), uid, link.Seal(links)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := g.Identify(request("Token", access(t, time.Now()))); err != nil || r.asked.Load() != 1 {
		t.Errorf("asked %d times, %v", r.asked.Load(), err)
	}
	r.check = func() error { return errs.Kicked }
	g.Heard(&wire.Event{Name: event.Kick, To: []*wire.Receiver{{UserId: 2}}, SessionIds: []uint64{7}})
	if _, err := g.Open(t.Context(), uid, link.Seal(links)); !errors.Is(err, errs.FileAccess) {
		t.Errorf("after a kick: %v", err)
	}
}
