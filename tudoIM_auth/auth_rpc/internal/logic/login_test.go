package logic

import (
	"context"
	"strings"
	"testing"
	"time"

	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/tudoIM_auth/auth_rpc/internal/model"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
	cached "tudoIM/tudoIM_settings/settings_rpc/site"
	"tudoIM/tudoIM_settings/settings_rpc/types/settings_rpc"
)

func TestRegisterOpensASession(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		got := w.register(t, "ann", "d1")
		if got.UserId != 1 || got.Role != 2 || got.SessionId == 0 || got.RefreshToken == "" || got.ExpiresIn != 3600 {
			t.Errorf("%+v", got)
		}
		id, end, err := token.Parse(w.Tokens.Secret, got.AccessToken, w.DB.Clock.Now(t.Context()))
		if want := (token.Identity{UserID: 1, Role: 2, SessionID: got.SessionId, DeviceID: "d1", Platform: "web"}); err != nil || id != want {
			t.Errorf("the token says %+v, error %v", id, err)
		}
		if left := end.Sub(w.DB.Clock.Now(t.Context())); left > time.Hour || left < time.Hour-soon {
			t.Errorf("the token lasts %v", left)
		}
		s, err := w.Sessions.ByID(t.Context(), got.SessionId)
		if err != nil {
			t.Fatal(err)
		}
		if s.UserID != 1 || s.DeviceID != "d1" || s.Platform != "web" || s.DeviceName != "Firefox" || s.IP != "127.0.0.1" || s.Generation != 1 {
			t.Errorf("stored: %+v", s)
		}
		in := w.users.created[0]
		if in.UserName != "ann" || in.Nickname != "Nick" || in.RegisterSource != "web" || !strings.HasPrefix(in.Pwd, "$argon2id$") || strings.Contains(in.Pwd, password) {
			t.Errorf("user_rpc was asked for %+v", in)
		}
		wantCode(t, "check", w.check(t, 1, got.SessionId), nil)
		again, err := w.login(t, "ann", password, "d2")
		wantCode(t, "login", err, nil)
		if again.GetUserId() != 1 || again.GetSessionId() == got.SessionId {
			t.Errorf("login: %+v", again)
		}
	})
}

func TestRefusedRegistrations(t *testing.T) {
	t.Parallel()
	device := &auth_rpc.Device{Id: "d1", Platform: "web"}
	for _, c := range []struct {
		name   string
		before func(w *world)
		pwd    string
		device *auth_rpc.Device
		want   *errs.Error
	}{
		{"closed", func(w *world) { w.site.closed = true }, password, device, errs.RegisterClosed},
		{"name taken", func(w *world) { w.users.fail = errs.NameTaken }, password, device, errs.NameTaken},
		{"bad name", func(w *world) { w.users.fail = errs.BadName }, password, device, errs.BadName},
		{"user_rpc away", func(w *world) { w.users.fail = errs.Unavailable }, password, device, errs.Unavailable},
		{"settings_rpc away", func(w *world) { w.site.fail = errs.Unavailable }, password, device, errs.Unavailable},
		{"7 characters", nil, "1234567", device, errs.WeakPassword},
		{"129 characters", nil, strings.Repeat("p", 129), device, errs.WeakPassword},
		{"no device", nil, password, nil, errs.Bad},
		{"no platform", nil, password, &auth_rpc.Device{Id: "d1"}, errs.Bad},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := onSQLite(t)
			if c.before != nil {
				c.before(w)
			}
			_, err := NewRegisterLogic(t.Context(), w.ServiceContext).Register(&auth_rpc.RegisterRequest{UserName: "ann", Password: c.pwd, Device: c.device})
			wantCode(t, c.name, err, c.want)
			if len(w.users.created) > 0 {
				t.Errorf("an account was made: %+v", w.users.created)
			}
			w.stored(t, 0)
		})
	}
}

// The limits of a password pass as a whole: 8 and 128 characters log in.
func TestShortestAndLongestPassword(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	for name, pwd := range map[string]string{"short": "12345678", "long": strings.Repeat("密", 128)} {
		if _, err := w.tryRegister(t, name, pwd, "d1"); err != nil {
			t.Errorf("%s: register: %v", name, err)
			continue
		}
		_, err := w.login(t, name, pwd, "d1")
		wantCode(t, name, err, nil)
		_, err = w.login(t, name, pwd[:len(pwd)-1], "d1")
		wantCode(t, name+", cut", err, errs.BadCredentials)
		_, err = w.login(t, name, pwd+"x", "d1")
		wantCode(t, name+", one more", err, errs.BadCredentials)
	}
}

func TestNobodyLearnsWhoHasAnAccount(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	w.register(t, "ann", "d1")
	_, err := w.login(t, "ann", "wrong horse", "d1")
	want := *errs.From(err)
	wantCode(t, "wrong password", err, errs.BadCredentials)
	for what, try := range map[string][2]string{
		"no such name":                {"bob", password},
		"no such name, empty":         {"", ""},
		"no password":                 {"ann", ""},
		"far too long a password":     {"ann", strings.Repeat("x", 10_000)},
		"no such name, far too long":  {"bob", strings.Repeat("x", 10_000)},
		"SQL for a name":              {"' OR 1=1 -- ", password},
		"the hash for a password":     {"ann", w.users.accounts["ann"].Pwd},
		"no such name, weak password": {"bob", "1"},
	} {
		_, err := w.login(t, try[0], try[1], "d1")
		if got := errs.From(err); err == nil || got.Code != want.Code || got.Status != want.Status || got.En != want.En || got.Zh != want.Zh || len(got.Data) != len(want.Data) {
			t.Errorf("%s: %v, a wrong password: %v", what, err, &want)
		}
	}
	w.stored(t, 1)
}

// Where no hashing can be done, a name without an account cannot be refused
// either: so it costs what a wrong password costs. Who leaves before the
// password was looked at has not guessed.
func TestUnknownNameIsHashedToo(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	w.register(t, "ann", "d1")
	w.Passwords = &model.Passwords{} // has no place to work
	for _, name := range []string{"ann", "bob"} {
		ctx, leave := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() {
			_, err := NewLoginLogic(ctx, w.ServiceContext).Login(&auth_rpc.LoginRequest{
				UserName: name, Password: "wrong horse", Device: &auth_rpc.Device{Id: "d2", Platform: "web"},
			})
			done <- err
		}()
		w.await(t, "the try of "+name+" is counted", func() bool { return w.counted(t) == 3 })
		leave()
		wantCode(t, name, <-done, errs.Unavailable)
		if n := w.counted(t); n != 0 {
			t.Errorf("%s: %d stay counted", name, n)
		}
	}
}

func TestRefusedLogins(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	w.register(t, "ann", "d1")
	w.users.accounts["ann"].Disabled = true
	_, err := w.login(t, "ann", password, "d2")
	wantCode(t, "disabled", err, errs.Disabled)
	_, err = w.login(t, "ann", "wrong horse", "d2")
	wantCode(t, "disabled, by somebody who does not know the password", err, errs.BadCredentials)
	w.users.accounts["ann"].Disabled = false
	w.users.accounts["ann"].Pwd = ""
	_, err = w.login(t, "ann", "", "d2")
	wantCode(t, "an account without a password", err, errs.BadCredentials)
	w.users.fail = errs.Unavailable
	_, err = w.login(t, "ann", password, "d2")
	wantCode(t, "user_rpc away", err, errs.Unavailable)
	_, err = w.login(t, "ann", password, "")
	wantCode(t, "no device", err, errs.Bad)
	w.stored(t, 1)
}

// A closed site takes no new accounts, and keeps the ones it has.
func TestLoginWhileRegistrationIsClosed(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	w.register(t, "ann", "d1")
	w.site.closed = true
	_, err := w.tryRegister(t, "bob", password, "d1")
	wantCode(t, "register", err, errs.RegisterClosed)
	_, err = w.login(t, "ann", password, "d1")
	wantCode(t, "login", err, nil)
	if got, err := w.site.Get(t.Context(), &settings_rpc.GetRequest{}); err != nil || got.RegisterOpen {
		t.Errorf("the site is open: %v %v", got, err)
	}
}

func TestLoginKicksTheSessionOfItsDevice(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		old := w.register(t, "ann", "d1")
		heard := w.listen(t, old.UserId)
		elsewhere, err := w.login(t, "ann", password, "d2")
		wantCode(t, "another device", err, nil)
		w.silent(t, heard, old.UserId)
		if _, err := w.login(t, "ann", password, "d1"); err != nil {
			t.Fatal(err)
		}
		wantKick(t, heard, old.UserId, `{"reason":"login","by":{"platform":"ios","deviceName":"Ann's phone"}}`, old.SessionId)
		wantCode(t, "the old session", w.check(t, old.UserId, old.SessionId), errs.Kicked)
		wantCode(t, "on the other device", w.check(t, old.UserId, elsewhere.GetSessionId()), nil)
		_, err = w.refresh(t, old.RefreshToken, "d1")
		wantCode(t, "the old refresh token", err, errs.RefreshExpired)
	})
}

func TestLoginTellsWhomItEnds(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.site.multi = model.LoginClass
		web := w.register(t, "ann", "d1")
		if len(web.Kicked) > 0 {
			t.Errorf("a registration ended %v", web.Kicked)
		}
		phone, err := w.login(t, "ann", password, "d2")
		if err != nil || len(phone.Kicked) > 0 {
			t.Fatalf("another class ended %v, error %v", phone.GetKicked(), err)
		}
		heard := w.listen(t, web.UserId)
		next, err := w.login(t, "ann", password, "d3")
		if err != nil || len(next.Kicked) != 1 || next.Kicked[0].DeviceId != "d2" || next.Kicked[0].Platform != "ios" || next.Kicked[0].DeviceName != "Ann's phone" {
			t.Errorf("the same class ended %v, error %v", next.GetKicked(), err)
		}
		wantKick(t, heard, web.UserId, `{"reason":"login","by":{"platform":"ios","deviceName":"Ann's phone"}}`, phone.SessionId)
		wantCode(t, "the phone before", w.check(t, web.UserId, phone.SessionId), errs.Kicked)
		wantCode(t, "the other class", w.check(t, web.UserId, web.SessionId), nil)
		w.Site = cached.New(&site{multi: model.LoginSingle}) // as when the settings have changed
		last, err := w.login(t, "ann", password, "d4")
		if err != nil || len(last.Kicked) != 2 || last.Kicked[0].DeviceId != "d1" || last.Kicked[1].DeviceId != "d3" {
			t.Errorf("single ended %v, error %v", last.GetKicked(), err)
		}
		wantKick(t, heard, web.UserId, `{"reason":"login","by":{"platform":"ios","deviceName":"Ann's phone"}}`, web.SessionId, next.GetSessionId())
	})
}

// Who cannot be asked how many devices may be logged in does not keep anybody out.
func TestLoginWhileSettingsAreAway(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	first := w.register(t, "ann", "d1")
	w.Site = cached.New(&site{fail: errs.Unavailable})
	_, err := w.login(t, "ann", password, "d2")
	wantCode(t, "login", err, nil)
	wantCode(t, "the other device", w.check(t, first.UserId, first.SessionId), nil)
}
