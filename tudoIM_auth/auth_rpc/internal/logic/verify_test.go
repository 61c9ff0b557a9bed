package logic

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
)

func (w *world) verify(t *testing.T, raw string) (*auth_rpc.VerifyResponse, error) {
	t.Helper()
	return NewVerifyLogic(t.Context(), w.ServiceContext).Verify(&auth_rpc.VerifyRequest{AccessToken: raw})
}

func TestVerify(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ann, bob := w.register(t, "ann", "d1"), w.register(t, "bob", "d1")
		now := w.DB.Clock.Now(t.Context())
		got, err := w.verify(t, ann.AccessToken)
		if err != nil || got.UserId != ann.UserId || got.SessionId != ann.SessionId || got.ExpiresIn > 3600 || got.ExpiresIn < 3600-int64(soon.Seconds()) ||
			got.ExpiresAt < now.Add(time.Hour-soon).Unix() || got.ExpiresAt > now.Add(time.Hour+soon).Unix() {
			t.Errorf("%+v, error %v", got, err)
		}
		forge := func(user, session uint64, at time.Time, secret []byte) string {
			t.Helper()
			raw, err := token.Issue(secret, token.Identity{UserID: user, SessionID: session}, at, time.Hour)
			if err != nil {
				t.Fatal(err)
			}
			return raw
		}
		for _, c := range []struct {
			name, raw string
			want      *errs.Error
		}{
			{"nothing", "", errs.Unauthorized},
			{"a refresh token", ann.RefreshToken, errs.Unauthorized},
			{"signed by another", forge(ann.UserId, ann.SessionId, now, []byte(strings.Repeat("x", 32))), errs.Unauthorized},
			{"ended, within the leeway of a request", forge(ann.UserId, ann.SessionId, now.Add(-time.Hour), w.Tokens.Secret), errs.TokenExpired},
			{"ended long ago", forge(ann.UserId, ann.SessionId, now.Add(-3*time.Hour), w.Tokens.Secret), errs.TokenExpired},
			{"another user's session", forge(ann.UserId, bob.SessionId, now, w.Tokens.Secret), errs.Kicked},
			{"nobody's session", forge(ann.UserId, 1<<40, now, w.Tokens.Secret), errs.Kicked},
		} {
			_, err := w.verify(t, c.raw)
			wantCode(t, c.name, err, c.want)
		}
		w.logout(t, ann.UserId, ann.SessionId, false)
		_, err = w.verify(t, ann.AccessToken)
		wantCode(t, "after the logout", err, errs.Kicked)
		_, err = w.verify(t, bob.AccessToken)
		wantCode(t, "bob's", err, nil)
	})
}

func TestEnded(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ann, bob := w.register(t, "ann", "d1"), w.register(t, "bob", "d1")
		ended := func(list ...*auth_rpc.SessionOf) ([]uint64, error) {
			resp, err := NewEndedLogic(t.Context(), w.ServiceContext).Ended(&auth_rpc.EndedRequest{List: list})
			var ids []uint64
			for _, s := range resp.GetList() {
				ids = append(ids, s.SessionId)
			}
			return ids, err
		}
		of := func(user, session uint64) *auth_rpc.SessionOf {
			return &auth_rpc.SessionOf{UserId: user, SessionId: session}
		}
		for _, c := range []struct {
			name string
			list []*auth_rpc.SessionOf
			want []uint64
		}{
			{"nothing asked", nil, nil},
			{"all live", []*auth_rpc.SessionOf{of(ann.UserId, ann.SessionId), of(bob.UserId, bob.SessionId)}, nil},
			{"asked twice", []*auth_rpc.SessionOf{of(ann.UserId, ann.SessionId), of(ann.UserId, ann.SessionId), of(9, 99), of(9, 99)}, []uint64{99}},
			{"another user's", []*auth_rpc.SessionOf{of(bob.UserId, ann.SessionId)}, []uint64{ann.SessionId}},
			{"nobody's, and none", []*auth_rpc.SessionOf{of(1, 1<<40), of(0, 0)}, []uint64{0, 1 << 40}},
		} {
			if got, err := ended(c.list...); err != nil || !slices.Equal(got, c.want) {
				t.Errorf("%s: %v, error %v, want %v", c.name, got, err, c.want)
			}
		}
		w.logout(t, ann.UserId, ann.SessionId, false)
		got, err := ended(of(ann.UserId, ann.SessionId), of(bob.UserId, bob.SessionId))
		if err != nil || !slices.Equal(got, []uint64{ann.SessionId}) {
			t.Errorf("after ann's logout: %v, error %v", got, err)
		}
		many := make([]*auth_rpc.SessionOf, maxEnded+1)
		for i := range many {
			many[i] = of(7, uint64(i)+1000)
		}
		if got, err := ended(many[:maxEnded]...); err != nil || len(got) != maxEnded {
			t.Errorf("at the limit: %d, error %v", len(got), err)
		}
		_, err = ended(many...)
		wantCode(t, "one past the limit", err, errs.Bad)
	})
}
