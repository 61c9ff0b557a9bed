package logic

import (
	"context"
	"errors"
	"maps"
	"sync"
	"testing"
	"time"

	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/tudoIM_auth/auth_rpc/internal/model"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
)

func TestRefreshRotatesThePair(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		first := w.register(t, "ann", "d1")
		heard := w.listen(t, first.UserId)
		second, err := w.refresh(t, first.RefreshToken, "d1")
		if err != nil {
			t.Fatal(err)
		}
		if second.UserId != first.UserId || second.SessionId != first.SessionId || second.RefreshToken == first.RefreshToken || second.ExpiresIn != 3600 {
			t.Errorf("%+v, then %+v", first, second)
		}
		if id, _, err := token.Parse(w.Tokens.Secret, second.AccessToken, time.Now()); err != nil || id.SessionID != first.SessionId || id.DeviceID != "d1" {
			t.Errorf("%+v, error %v", id, err)
		}
		_, err = w.refresh(t, second.RefreshToken, "d2")
		wantCode(t, "on another device", err, errs.RefreshExpired)
		_, err = w.refresh(t, second.RefreshToken+"x", "d1")
		wantCode(t, "not ours", err, errs.RefreshExpired)
		w.silent(t, heard, first.UserId)

		_, err = w.refresh(t, first.RefreshToken, "d1")
		wantCode(t, "the old one", err, errs.RefreshReused)
		wantKick(t, heard, first.UserId, `{"reason":"policy"}`, first.SessionId)
		wantCode(t, "check", w.check(t, first.UserId, first.SessionId), errs.Kicked)
		for _, raw := range []string{first.RefreshToken, second.RefreshToken} {
			_, err = w.refresh(t, raw, "d1")
			wantCode(t, "after the reuse", err, errs.RefreshExpired)
		}
		w.silent(t, heard, first.UserId)
	})
}

func TestOneOfManyRefreshesWinsAndOneKickIsTold(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		first := w.register(t, "ann", "d1")
		heard := w.listen(t, first.UserId)
		const many = 20
		start, got := make(chan struct{}), make([]error, many)
		var wg sync.WaitGroup
		for i := range got {
			wg.Go(func() {
				<-start
				_, got[i] = w.refresh(t, first.RefreshToken, "d1")
			})
		}
		close(start)
		wg.Wait()
		codes := map[int]int{}
		for _, err := range got {
			code := 0
			if err != nil {
				code = errs.From(err).Code
			}
			codes[code]++
		}
		if want := map[int]int{0: 1, 20021: 1, 20020: many - 2}; !maps.Equal(codes, want) {
			t.Errorf("answers by code: %v, want %v", codes, want)
		}
		wantKick(t, heard, first.UserId, `{"reason":"policy"}`, first.SessionId)
		w.silent(t, heard, first.UserId)
	})
}

func TestRefreshEndsWithItsTime(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		got := w.register(t, "ann", "d1")
		// The session's end is moved to just before now.
		past := w.DB.Clock.Now(t.Context()).Add(-time.Second).UnixMilli()
		if err := w.DB.Model(&model.SessionModel{}).Where("id = ?", got.SessionId).Update("refresh_ends_at", past).Error; err != nil {
			t.Fatal(err)
		}
		_, err := w.refresh(t, got.RefreshToken, "d1")
		wantCode(t, "past its end", err, errs.RefreshExpired)
	})
}

func TestRefreshAsksWhatTheAccountIsNow(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	got := w.register(t, "ann", "d1")
	try := func(what string, change func(), want *errs.Error) {
		t.Helper()
		w.users.change(change)
		next, err := w.refresh(t, got.RefreshToken, "d1")
		wantCode(t, what, err, want)
		if err == nil {
			got = next
		}
	}
	account := w.users.accounts["ann"]
	try("user_rpc away", func() { w.users.fail = errs.Unavailable }, errs.Unavailable)
	try("disabled", func() { w.users.fail, account.Disabled = nil, true }, errs.Disabled)
	try("enabled again, with another role", func() { account.Disabled, account.Role = false, 1 }, nil) // no refusal used the token up
	id, _, err := token.Parse(w.Tokens.Secret, got.AccessToken, time.Now())
	if err != nil || id.Role != 1 || got.Role != 1 {
		t.Errorf("%+v, error %v", id, err)
	}
	if s, err := w.Sessions.ByID(t.Context(), got.SessionId); err != nil || s.Role != 1 {
		t.Errorf("stored: %+v, error %v", s, err)
	}
	try("deleted", func() { delete(w.users.accounts, "ann") }, errs.RefreshExpired)
}

func TestLogout(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		one := w.register(t, "ann", "d1")
		two, err := w.login(t, "ann", password, "d2")
		if err != nil {
			t.Fatal(err)
		}
		three, err := w.login(t, "ann", password, "d3")
		if err != nil {
			t.Fatal(err)
		}
		bob := w.register(t, "bob", "d1")
		heard := w.listen(t, one.UserId)
		reason := `{"reason":"logout"}`

		w.logout(t, bob.UserId, one.SessionId, false) // not bob's to end
		w.silent(t, heard, one.UserId)
		wantCode(t, "somebody else's logout", w.check(t, one.UserId, one.SessionId), nil)

		w.logout(t, one.UserId, one.SessionId, false)
		wantKick(t, heard, one.UserId, reason, one.SessionId)
		wantCode(t, "the ended one", w.check(t, one.UserId, one.SessionId), errs.Kicked)
		wantCode(t, "another one", w.check(t, one.UserId, two.SessionId), nil)
		w.logout(t, one.UserId, one.SessionId, false)
		w.silent(t, heard, one.UserId)

		w.logout(t, one.UserId, two.SessionId, true)
		wantKick(t, heard, one.UserId, reason, two.SessionId, three.SessionId)
		for _, s := range []*auth_rpc.Tokens{two, three} {
			wantCode(t, "after the logout of all", w.check(t, one.UserId, s.SessionId), errs.Kicked)
			_, err := w.refresh(t, s.RefreshToken, map[uint64]string{two.SessionId: "d2", three.SessionId: "d3"}[s.SessionId])
			wantCode(t, "refresh after the logout of all", err, errs.RefreshExpired)
		}
		wantCode(t, "bob's", w.check(t, bob.UserId, bob.SessionId), nil)
	})
}

func TestSessionsEndWhileRedisIsAway(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		one := w.register(t, "ann", "d1")
		two, err := w.login(t, "ann", password, "d2")
		if err != nil {
			t.Fatal(err)
		}
		w.redisAway()
		w.logout(t, one.UserId, one.SessionId, false)
		wantCode(t, "logged out", w.check(t, one.UserId, one.SessionId), errs.Kicked)
		three, err := w.login(t, "ann", password, "d2")
		wantCode(t, "login", err, nil)
		wantCode(t, "replaced", w.check(t, one.UserId, two.SessionId), errs.Kicked)
		_, err = w.refresh(t, three.GetRefreshToken(), "d2")
		wantCode(t, "refresh", err, nil)
		_, err = w.refresh(t, three.GetRefreshToken(), "d2")
		wantCode(t, "reuse", err, errs.RefreshReused)
		wantCode(t, "reused", w.check(t, one.UserId, three.GetSessionId()), errs.Kicked)
	})
}

// A caller that leaves behind the commit does not keep others from hearing of it.
func TestKickIsToldForACallerThatLeft(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	heard := w.listen(t, 7)
	left, leave := context.WithCancel(t.Context())
	leave()
	kick(left, w.ServiceContext, 7, []uint64{3, 4}, kickEvent{Reason: model.ReasonLogout})
	wantKick(t, heard, 7, `{"reason":"logout"}`, 3, 4)
	kick(t.Context(), w.ServiceContext, 7, nil, kickEvent{Reason: model.ReasonLogout}) // would mean all of the user
	w.silent(t, heard, 7)
}

func TestCheck(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ann, bob := w.register(t, "ann", "d1"), w.register(t, "bob", "d1")
		for _, c := range []struct {
			name          string
			user, session uint64
			want          *errs.Error
		}{
			{"mine", ann.UserId, ann.SessionId, nil},
			{"another user's", ann.UserId, bob.SessionId, errs.Kicked},
			{"nobody's", ann.UserId, 1 << 40, errs.Kicked},
			{"none", 0, 0, errs.Kicked},
		} {
			wantCode(t, c.name, w.check(t, c.user, c.session), c.want)
		}
		pool, err := w.DB.DB.DB()
		if err != nil {
			t.Fatal(err)
		}
		if err := pool.Close(); err != nil {
			t.Fatal(err)
		}
		if err := w.check(t, ann.UserId, ann.SessionId); err == nil || errors.Is(err, errs.Kicked) {
			t.Errorf("without a database: %v, which is a verdict", err)
		}
	})
}

func TestTickets(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ann, bob := w.register(t, "ann", "d1"), w.register(t, "bob", "d1")
		issue := func(user, session uint64) (*auth_rpc.IssueTicketResponse, error) {
			return NewIssueTicketLogic(t.Context(), w.ServiceContext).IssueTicket(&auth_rpc.IssueTicketRequest{UserId: user, SessionId: session, ExpiresAt: 1_700_003_600})
		}
		redeem := func(ticket string) (*auth_rpc.RedeemTicketResponse, error) {
			return NewRedeemTicketLogic(t.Context(), w.ServiceContext).RedeemTicket(&auth_rpc.RedeemTicketRequest{Ticket: ticket})
		}
		_, err := issue(ann.UserId, bob.SessionId)
		wantCode(t, "for another user's session", err, errs.Kicked)
		_, err = issue(ann.UserId, 1<<40)
		wantCode(t, "for nobody's session", err, errs.Kicked)

		ticket, err := issue(ann.UserId, ann.SessionId)
		if err != nil || len(ticket.Ticket) != 43 || ticket.ExpiresIn != 30 {
			t.Fatalf("%+v, error %v", ticket, err)
		}
		got, err := redeem(ticket.Ticket)
		if err != nil || got.UserId != ann.UserId || got.SessionId != ann.SessionId || got.DeviceId != "d1" || got.Platform != "web" || got.Role != 2 || got.ExpiresAt != 1_700_003_600 {
			t.Errorf("%+v, error %v", got, err)
		}
		_, err = redeem(ticket.Ticket)
		wantCode(t, "again", err, errs.Unauthorized)

		pending, err := issue(ann.UserId, ann.SessionId)
		if err != nil {
			t.Fatal(err)
		}
		w.logout(t, ann.UserId, ann.SessionId, false)
		_, err = redeem(pending.Ticket)
		wantCode(t, "of an ended session", err, errs.Unauthorized)
		_, err = issue(ann.UserId, ann.SessionId)
		wantCode(t, "for an ended session", err, errs.Kicked)
	})
}
