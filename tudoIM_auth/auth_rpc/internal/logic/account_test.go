package logic

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/tudoIM_auth/auth_rpc/internal/model"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
)

func caller(s *auth_rpc.Tokens, device string) *auth_rpc.Caller {
	return &auth_rpc.Caller{UserId: s.UserId, SessionId: s.SessionId, DeviceId: device, Ip: "127.0.0.1"}
}

func (w *world) setPassword(t *testing.T, c *auth_rpc.Caller, old, next, confirmed string) error {
	t.Helper()
	_, err := NewSetPasswordLogic(t.Context(), w.ServiceContext).SetPassword(&auth_rpc.SetPasswordRequest{
		Caller: c, OldPassword: old, NewPassword: next, ConfirmToken: confirmed,
	})
	return err
}

func (w *world) confirm(t *testing.T, c *auth_rpc.Caller, scene, pwd string) (string, error) {
	t.Helper()
	got, err := NewConfirmLogic(t.Context(), w.ServiceContext).Confirm(&auth_rpc.ConfirmRequest{Caller: c, Scene: scene, Password: pwd})
	return got.GetConfirmToken(), err
}

func (w *world) endSessions(t *testing.T, user, ver, keep uint64, reason string) {
	t.Helper()
	_, err := NewEndSessionsLogic(t.Context(), w.ServiceContext).EndSessions(&auth_rpc.EndSessionsRequest{
		UserId: user, AuthVer: ver, KeepSessionId: keep, Reason: reason,
	})
	wantCode(t, "end sessions", err, nil)
}

const next = "another horse"

func TestSetPassword(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	s := w.register(t, "ann", "d1")
	me := caller(s, "d1")
	before := w.users.accounts["ann"].Pwd
	confirmed, err := w.confirm(t, me, model.SceneSetPassword, password)
	wantCode(t, "confirm", err, nil)
	for what, c := range map[string]struct {
		old, next, confirmed string
		want                 *errs.Error
	}{
		"a wrong one":              {"wrong horse", next, "", errs.BadCredentials},
		"none":                     {"", next, "", errs.BadCredentials},
		"a confirmation instead":   {"", next, confirmed, errs.BadCredentials},
		"a weak one":               {password, "short", "", errs.WeakPassword},
		"a weak one, old wrong":    {"wrong horse", "short", "", errs.WeakPassword},
		"the same":                 {password, password, "", errs.Bad},
		"the same, both wrong":     {"wrong horse", "wrong horse", "", errs.BadCredentials},
		"far too long an old one":  {string(make([]byte, 10_000)), next, "", errs.BadCredentials},
		"far too long a new one":   {password, string(make([]byte, 10_000)), "", errs.WeakPassword},
		"as the hash":              {before, next, "", errs.BadCredentials},
		"blanks around the old":    {" " + password, next, "", errs.BadCredentials},
		"another case of the old":  {"Correct horse", next, "", errs.BadCredentials},
		"blanks for a new one":     {password, "          ", "", errs.WeakPassword},
		"a NUL inside the new one": {password, "another\x00horse", "", errs.WeakPassword},
	} {
		wantCode(t, what, w.setPassword(t, me, c.old, c.next, c.confirmed), c.want)
	}
	if w.users.accounts["ann"].Pwd != before || len(w.users.set) > 0 {
		t.Error("what was refused changed the password")
	}
	wantCode(t, "as it should be", w.setPassword(t, me, password, next, ""), nil)
	if in := w.users.set[0]; in.KeepSessionId != s.SessionId || in.UserId != s.UserId || in.AuthVer != 0 {
		t.Errorf("user_rpc was asked for %+v", in)
	}
	_, err = w.login(t, "ann", password, "d2")
	wantCode(t, "login by the old one", err, errs.BadCredentials)
	_, err = w.login(t, "ann", next, "d2")
	wantCode(t, "login by the new one", err, nil)
	w.users.fail = errs.Unavailable
	wantCode(t, "user_rpc away", w.setPassword(t, me, next, password, ""), errs.Unavailable)
	w.users.fail = nil
	w.users.accounts["ann"].Disabled = true
	wantCode(t, "disabled", w.setPassword(t, me, next, password, ""), errs.Disabled)
	delete(w.users.accounts, "ann")
	wantCode(t, "deleted", w.setPassword(t, me, next, password, ""), errs.Kicked)
}

// Who holds a session has no more tries at the password than a login has.
func TestGuessesOfASessionHaveALimit(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	w.strict()
	s := w.register(t, "ann", "d1")
	me := caller(s, "d1")
	for i := range 5 {
		var err error
		if i%2 == 0 {
			err = w.setPassword(t, me, "wrong horse", next, "")
		} else {
			_, err = w.confirm(t, me, model.SceneDeleteAccount, "wrong horse")
		}
		wantCode(t, fmt.Sprint("guess ", i), err, errs.BadCredentials)
	}
	wantLocked(t, "password", w.setPassword(t, me, password, next, ""))
	_, err := w.confirm(t, me, model.SceneDeleteAccount, password)
	wantLocked(t, "confirm", err)
	wantLocked(t, "login on the device", w.from(t, "127.0.0.1", "d1", "ann", password))
	wantCode(t, "login on another one", w.from(t, "127.0.0.1", "d2", "ann", password), nil)
}

// Of changes at the same time that judged one old password, one is made.
func TestOneOfManyPasswordsIsSet(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	s := w.register(t, "ann", "d1")
	got := make([]error, 10)
	var wg sync.WaitGroup
	for i := range got {
		wg.Go(func() { got[i] = w.setPassword(t, caller(s, "d1"), password, fmt.Sprint("another horse ", i), "") })
	}
	wg.Wait()
	made := 0
	for _, err := range got {
		if err == nil {
			made++
			continue
		}
		wantCode(t, "one that lost", err, errs.BadCredentials)
	}
	if made != 1 {
		t.Errorf("%d were made", made)
	}
}

func TestTheFirstPasswordNeedsAConfirmation(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	s := w.register(t, "ann", "d1")
	w.users.accounts["ann"].Pwd = "" // as an open login makes it
	me, now := caller(s, "d1"), w.DB.Clock.Now(t.Context())
	other, err := w.Tokens.ConfirmToken(s.UserId, s.SessionId, model.SceneDeleteAccount, now)
	if err != nil {
		t.Fatal(err)
	}
	good, err := w.Tokens.ConfirmToken(s.UserId, s.SessionId, model.SceneSetPassword, now)
	if err != nil {
		t.Fatal(err)
	}
	wantCode(t, "without", w.setPassword(t, me, "", next, ""), errs.NeedConfirm)
	wantCode(t, "an empty password is none", w.setPassword(t, me, "", next, "x"), errs.NeedConfirm)
	wantCode(t, "for another scene", w.setPassword(t, me, "", next, other), errs.NeedConfirm)
	_, err = w.confirm(t, me, model.SceneSetPassword, "anything")
	wantCode(t, "confirm by a password that is none", err, errs.BadCredentials)
	wantCode(t, "with", w.setPassword(t, me, "", next, good), nil)
	wantCode(t, "with it again", w.setPassword(t, me, "", "a third horse", good), errs.BadCredentials)
	_, err = w.login(t, "ann", next, "d2")
	wantCode(t, "login", err, nil)
}

func TestConfirm(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	s := w.register(t, "ann", "d1")
	me := caller(s, "d1")
	got, err := NewConfirmLogic(t.Context(), w.ServiceContext).Confirm(&auth_rpc.ConfirmRequest{Caller: me, Scene: model.SceneDeleteAccount, Password: password})
	if err != nil || got.ExpiresIn != 300 || w.Tokens.Confirmed(got.ConfirmToken, s.UserId, s.SessionId, model.SceneDeleteAccount, time.Now()) != nil {
		t.Errorf("%+v, %v", got, err)
	}
	for what, c := range map[string]struct {
		in   *auth_rpc.ConfirmRequest
		want *errs.Error
	}{
		"no scene":       {&auth_rpc.ConfirmRequest{Caller: me, Password: password}, errs.Bad},
		"no such scene":  {&auth_rpc.ConfirmRequest{Caller: me, Scene: "login", Password: password}, errs.Bad},
		"by nothing":     {&auth_rpc.ConfirmRequest{Caller: me, Scene: model.SceneDeleteAccount}, errs.Bad},
		"by two things":  {&auth_rpc.ConfirmRequest{Caller: me, Scene: model.SceneDeleteAccount, Password: password, Grant: &auth_rpc.OpenGrant{Flag: "x"}}, errs.Bad},
		"a wrong one":    {&auth_rpc.ConfirmRequest{Caller: me, Scene: model.SceneDeleteAccount, Password: "wrong horse"}, errs.BadCredentials},
		"no provider":    {&auth_rpc.ConfirmRequest{Caller: me, Scene: model.SceneDeleteAccount, Grant: &auth_rpc.OpenGrant{Flag: "x"}}, errs.NoProvider},
		"of nobody":      {&auth_rpc.ConfirmRequest{Caller: &auth_rpc.Caller{UserId: 99, SessionId: 1}, Scene: model.SceneDeleteAccount, Password: password}, errs.Kicked},
		"without caller": {&auth_rpc.ConfirmRequest{Scene: model.SceneDeleteAccount, Password: password}, errs.Kicked},
	} {
		_, err := NewConfirmLogic(t.Context(), w.ServiceContext).Confirm(c.in)
		wantCode(t, what, err, c.want)
	}
}

func TestDeletingAnAccountNeedsAConfirmation(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	s, other := w.register(t, "ann", "d1"), w.register(t, "bob", "d1")
	del := func(c *auth_rpc.Caller, confirmed string) error {
		_, err := NewDeleteAccountLogic(t.Context(), w.ServiceContext).DeleteAccount(&auth_rpc.DeleteAccountRequest{Caller: c, ConfirmToken: confirmed})
		return err
	}
	confirmed, err := w.confirm(t, caller(s, "d1"), model.SceneDeleteAccount, password)
	if err != nil {
		t.Fatal(err)
	}
	wantCode(t, "without", del(caller(s, "d1"), ""), errs.NeedConfirm)
	wantCode(t, "with an access token", del(caller(s, "d1"), s.AccessToken), errs.NeedConfirm)
	wantCode(t, "with somebody else's", del(caller(other, "d1"), confirmed), errs.NeedConfirm)
	second, err := w.login(t, "ann", password, "d2")
	if err != nil {
		t.Fatal(err)
	}
	wantCode(t, "with another session's", del(caller(second, "d2"), confirmed), errs.NeedConfirm)
	w.users.fail = errs.OwnsGroups
	wantCode(t, "with groups", del(caller(s, "d1"), confirmed), errs.OwnsGroups)
	w.users.fail = nil
	if len(w.users.deleted) > 0 {
		t.Errorf("deleted %v", w.users.deleted)
	}
	wantCode(t, "with", del(caller(s, "d1"), confirmed), nil)
	if len(w.users.deleted) != 1 || w.users.deleted[0] != s.UserId {
		t.Errorf("deleted %v", w.users.deleted)
	}
}

func TestEndSessionsIsHeardOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		one := w.register(t, "ann", "d1")
		two, err := w.login(t, "ann", password, "d2")
		if err != nil {
			t.Fatal(err)
		}
		heard := w.listen(t, one.UserId)
		w.users.change(func() { w.users.accounts["ann"].AuthVer = 1 })
		_, err = w.refresh(t, two.RefreshToken, "d2")
		wantCode(t, "a refresh before the word has come", err, errs.Unavailable)
		w.endSessions(t, one.UserId, 1, two.SessionId, "password")
		wantKick(t, heard, one.UserId, `{"reason":"password"}`, one.SessionId)
		wantCode(t, "the ended one", w.check(t, one.UserId, one.SessionId), errs.Kicked)
		wantCode(t, "the kept one", w.check(t, one.UserId, two.SessionId), nil)
		_, err = w.refresh(t, one.RefreshToken, "d1")
		wantCode(t, "its refresh", err, errs.RefreshExpired)
		_, err = w.refresh(t, two.RefreshToken, "d2")
		wantCode(t, "the refresh of the kept one", err, nil)
		w.endSessions(t, one.UserId, 0, 0, "admin")
		w.silent(t, heard, one.UserId)
		w.endSessions(t, one.UserId, 1, two.SessionId, "password") // who says it again may not know that it was heard
		wantKick(t, heard, one.UserId, `{"reason":"password"}`, one.SessionId)
		_, err = w.login(t, "ann", password, "d3")
		wantCode(t, "a login as the account is now", err, nil)
		w.users.change(func() { w.users.accounts["ann"].AuthVer = 0 }) // judged before
		_, err = w.login(t, "ann", password, "d4")
		wantCode(t, "a login as it was", err, errs.BadCredentials)
		_, err = NewEndSessionsLogic(t.Context(), w.ServiceContext).EndSessions(&auth_rpc.EndSessionsRequest{AuthVer: 9, Reason: "admin"})
		wantCode(t, "of nobody", err, errs.Bad)
	})
}

func TestOneDeviceEndsAnother(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	one, other := w.register(t, "ann", "d1"), w.register(t, "bob", "d1")
	two, err := w.login(t, "ann", password, "d2")
	if err != nil {
		t.Fatal(err)
	}
	heard := w.listen(t, one.UserId)
	end := func(by *auth_rpc.Tokens, target uint64) error {
		_, err := NewEndSessionLogic(t.Context(), w.ServiceContext).EndSession(&auth_rpc.EndSessionRequest{
			UserId: by.UserId, SessionId: by.SessionId, TargetId: target,
		})
		return err
	}
	wantCode(t, "somebody else's", end(one, other.SessionId), errs.NotFound)
	w.silent(t, heard, one.UserId)
	list, err := NewSessionsLogic(t.Context(), w.ServiceContext).Sessions(&auth_rpc.SessionsRequest{UserId: one.UserId})
	if err != nil || len(list.List) != 2 || list.List[0].Id != two.SessionId || list.List[0].DeviceName != "Ann's phone" || list.List[0].Ip != "127.0.0.1" ||
		list.List[0].Platform != "ios" || list.List[0].CreatedAt == 0 || list.List[0].LastActiveAt == 0 || list.List[1].DeviceId != "d1" {
		t.Errorf("%+v, %v", list, err)
	}
	wantCode(t, "the other", end(two, one.SessionId), nil)
	wantKick(t, heard, one.UserId, `{"reason":"logout","by":{"platform":"ios","deviceName":"Ann's phone"}}`, one.SessionId)
	wantCode(t, "it is over", w.check(t, one.UserId, one.SessionId), errs.Kicked)
	wantCode(t, "again", end(two, one.SessionId), errs.NotFound)
}

func TestCheckNotesThatASessionIsUsed(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	s := w.register(t, "ann", "d1")
	past := w.DB.Clock.Now(t.Context()).Add(-time.Hour).UnixMilli()
	if err := w.DB.Model(&model.SessionModel{}).Where("id = ?", s.SessionId).Update("last_active_at", past).Error; err != nil {
		t.Fatal(err)
	}
	wantCode(t, "check", w.check(t, s.UserId, s.SessionId), nil)
	got, err := w.Sessions.ByID(t.Context(), s.SessionId)
	if err != nil || got.LastActiveAt-past < (59*time.Minute).Milliseconds() {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestAuthenticate(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	s, boss := w.register(t, "ann", "d1"), w.register(t, "boss", "d1")
	w.users.accounts["boss"].Role = 1 // since the login
	ended, err := w.login(t, "ann", password, "d2")
	if err != nil {
		t.Fatal(err)
	}
	w.logout(t, ended.UserId, ended.SessionId, false)
	late, err := token.Issue(w.Tokens.Secret, token.Identity{UserID: s.UserId, SessionID: s.SessionId}, time.Now().Add(-2*time.Hour), time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	for what, c := range map[string]struct {
		token, path string
		want        *errs.Error
	}{
		"a user":                {s.AccessToken, "/api/user/user_info", nil},
		"with a query":          {s.AccessToken, "/api/user/search?key=/admin/", nil},
		"admin in a word":       {s.AccessToken, "/api/user/administrator", nil},
		"below admin":           {s.AccessToken, "/api/user/admin/users", errs.Forbidden},
		"admin itself":          {s.AccessToken, "/api/user/admin", errs.Forbidden},
		"admin escaped":         {s.AccessToken, "/api/user/%61dmin/users", errs.Forbidden},
		"admin shouted":         {s.AccessToken, "/api/user/ADMIN/users", errs.Forbidden},
		"admin round about":     {s.AccessToken, "/api/user/x/../admin/users", errs.Forbidden},
		"admin left again":      {s.AccessToken, "/api/user/admin/../user_info", nil},
		"an administrator":      {boss.AccessToken, "/api/user/admin/users", nil},
		"no path":               {s.AccessToken, "", errs.Bad},
		"no path of ours":       {s.AccessToken, "api/user", errs.Bad},
		"no path at all":        {s.AccessToken, "/%zz", errs.Bad},
		"no token":              {"", "/api/user/user_info", errs.Unauthorized},
		"no token of ours":      {"x", "/api/user/user_info", errs.Unauthorized},
		"a refresh token":       {s.RefreshToken, "/api/user/user_info", errs.Unauthorized},
		"a token that ended":    {late, "/api/user/user_info", errs.TokenExpired},
		"of a session that did": {ended.AccessToken, "/api/user/user_info", errs.Kicked},
	} {
		got, err := NewAuthenticateLogic(t.Context(), w.ServiceContext).Authenticate(&auth_rpc.AuthenticateRequest{AccessToken: c.token, Path: c.path})
		wantCode(t, what, err, c.want)
		of := s
		if c.token == boss.AccessToken {
			of = boss
		}
		if err == nil && (got.UserId != of.UserId || got.SessionId != of.SessionId || got.Role != w.users.accounts[map[bool]string{true: "boss", false: "ann"}[of == boss]].Role) {
			t.Errorf("%s: %+v", what, got)
		}
	}
	w.users.accounts["ann"].Disabled = true
	_, err = NewAuthenticateLogic(t.Context(), w.ServiceContext).Authenticate(&auth_rpc.AuthenticateRequest{AccessToken: s.AccessToken, Path: "/"})
	wantCode(t, "disabled", err, errs.Disabled)
}
