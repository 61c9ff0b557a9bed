package logic

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"

	"tudoIM/common/errs"
	"tudoIM/test/oidc"
	"tudoIM/tudoIM_auth/auth_rpc/internal/model"
	"tudoIM/tudoIM_auth/auth_rpc/internal/openlogin"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
)

// provide gives w a provider called test.
func (w *world) provide(t *testing.T) *oidc.Provider {
	t.Helper()
	p, err := oidc.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	w.Providers, err = openlogin.New([]openlogin.Config{{
		Name: "test", Title: "Test", Issuer: p.URL, ClientID: oidc.ClientID, ClientSecret: oidc.ClientSecret, RedirectURL: oidc.Redirect,
	}}, w.Tokens.Secret)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// visit sends who to the provider from device and returns what comes back.
func (w *world) visit(t *testing.T, p *oidc.Provider, device string, who oidc.Person) *auth_rpc.OpenGrant {
	t.Helper()
	list, err := NewOpenLoginsLogic(t.Context(), w.ServiceContext).OpenLogins(&auth_rpc.OpenLoginsRequest{DeviceId: device})
	if err != nil || len(list.List) != 1 || list.List[0].Name != "test" || list.List[0].Title != "Test" {
		t.Fatalf("%+v, %v", list, err)
	}
	code, state, err := p.Visit(list.List[0].Href, who)
	if err != nil {
		t.Fatal(err)
	}
	return &auth_rpc.OpenGrant{Flag: "test", Code: code, State: state}
}

func (w *world) openLogin(t *testing.T, g *auth_rpc.OpenGrant, device string) (*auth_rpc.Tokens, error) {
	t.Helper()
	return NewOpenLoginLogic(t.Context(), w.ServiceContext).OpenLogin(&auth_rpc.OpenLoginRequest{
		Grant: g, Device: &auth_rpc.Device{Id: device, Platform: "web", Ip: "127.0.0.1"},
	})
}

func TestAnOpenLoginMakesAnAccountOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		p := w.provide(t)
		ann := oidc.Person{Subject: "s1", UserName: "ann", Name: "Ann Lee"}
		first, err := w.openLogin(t, w.visit(t, p, "d1", ann), "d1")
		if err != nil {
			t.Fatal(err)
		}
		wantCode(t, "check", w.check(t, first.UserId, first.SessionId), nil)
		second, err := w.openLogin(t, w.visit(t, p, "d2", ann), "d2")
		if err != nil || second.UserId != first.UserId || second.SessionId == first.SessionId {
			t.Errorf("%+v, then %+v, %v", first, second, err)
		}
		in := w.users.created[0]
		if len(w.users.created) != 1 || in.UserName != "ann" || in.Nickname != "Ann Lee" || in.Pwd != "" || in.RegisterSource != "test" || in.OpenId.Subject != "s1" || in.OpenId.Provider != "test" {
			t.Errorf("made %+v", w.users.created)
		}
		// Somebody else of the same name there has another one here.
		other, err := w.openLogin(t, w.visit(t, p, "d3", oidc.Person{Subject: "s2", UserName: "ann"}), "d3")
		if err != nil || other.UserId == first.UserId || w.users.created[1].UserName != "ann-2" {
			t.Errorf("%+v, %+v, %v", other, w.users.created, err)
		}
		_, err = w.login(t, "ann", "", "d4")
		wantCode(t, "without a password", err, errs.BadCredentials)
	})
}

func TestParallelFirstLoginsMakeOneAccount(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	p := w.provide(t)
	const many = 8
	var grants []*auth_rpc.OpenGrant
	for i := range many {
		grants = append(grants, w.visit(t, p, fmt.Sprint("d", i), oidc.Person{Subject: "s1", UserName: "ann"}))
	}
	got := make([]uint64, many)
	var wg sync.WaitGroup
	for i, g := range grants {
		wg.Go(func() {
			s, err := w.openLogin(t, g, fmt.Sprint("d", i))
			if err != nil {
				t.Errorf("login %d: %v", i, err)
			}
			got[i] = s.GetUserId()
		})
	}
	wg.Wait()
	for _, id := range got {
		if id != got[0] {
			t.Errorf("accounts %v", got)
			break
		}
	}
	if len(w.users.created) != 1 {
		t.Errorf("made %d", len(w.users.created))
	}
}

// Row A23: refused open logins make no account and open no session.
func TestRefusedOpenLogins(t *testing.T) {
	t.Parallel()
	ann := oidc.Person{Subject: "s1", UserName: "ann"}
	for what, c := range map[string]struct {
		before func(t *testing.T, w *world, p *oidc.Provider, g *auth_rpc.OpenGrant)
		device string
		want   *errs.Error
	}{
		"no such provider":       {func(_ *testing.T, _ *world, _ *oidc.Provider, g *auth_rpc.OpenGrant) { g.Flag = "other" }, "d1", errs.NoProvider},
		"no state":               {func(_ *testing.T, _ *world, _ *oidc.Provider, g *auth_rpc.OpenGrant) { g.State = "" }, "d1", errs.NotRecognised},
		"a wrong code":           {func(_ *testing.T, _ *world, _ *oidc.Provider, g *auth_rpc.OpenGrant) { g.Code = "x" }, "d1", errs.NotRecognised},
		"from another device":    {nil, "d2", errs.NotRecognised},
		"no device":              {nil, "", errs.Bad},
		"the provider is down":   {func(_ *testing.T, _ *world, p *oidc.Provider, _ *auth_rpc.OpenGrant) { p.Down.Store(true) }, "d1", errs.Unavailable},
		"registration is closed": {func(_ *testing.T, w *world, _ *oidc.Provider, _ *auth_rpc.OpenGrant) { w.site.closed = true }, "d1", errs.RegisterClosed},
		"too many registrations": {func(t *testing.T, w *world, _ *oidc.Provider, _ *auth_rpc.OpenGrant) {
			w.Limits.Register = 1
			_, _ = w.tryRegister(t, "x", password, "d9") // refused, and counted
		}, "d1", errs.TooMany},
		"user_rpc away": {func(_ *testing.T, w *world, _ *oidc.Provider, _ *auth_rpc.OpenGrant) { w.users.fail = errs.Unavailable }, "d1", errs.Unavailable},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			w := onSQLite(t)
			p := w.provide(t)
			g := w.visit(t, p, "d1", ann)
			if c.before != nil {
				c.before(t, w, p, g)
			}
			_, err := w.openLogin(t, g, c.device)
			wantCode(t, what, err, c.want)
			if len(w.users.created) > 0 {
				t.Errorf("made %+v", w.users.created)
			}
			w.stored(t, 0)
		})
	}
	w := onSQLite(t)
	_, err := w.openLogin(t, nil, "d1")
	wantCode(t, "nothing at all", err, errs.NoProvider)
}

func TestAStateOpensOneLogin(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		p := w.provide(t)
		g := w.visit(t, p, "d1", oidc.Person{Subject: "s1", UserName: "ann"})
		const many = 8
		got := make([]error, many)
		var wg sync.WaitGroup
		for i := range got {
			wg.Go(func() { _, got[i] = w.openLogin(t, g, "d1") })
		}
		wg.Wait()
		opened := 0
		for _, err := range got {
			if err == nil {
				opened++
				continue
			}
			wantCode(t, "the next", err, errs.NotRecognised)
		}
		if opened != 1 || p.Asked.Load() != 1 {
			t.Errorf("%d logins, the provider was asked %d times", opened, p.Asked.Load())
		}
		w.stored(t, 1)
	})
}

func TestWrongCodesHaveALimit(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	p := w.provide(t)
	w.Limits.IP = 3
	for i := range 4 {
		g := w.visit(t, p, "d1", oidc.Person{Subject: "s1"})
		g.Code = "guess"
		_, err := w.openLogin(t, g, "d1")
		if i == 3 {
			wantLocked(t, "past the limit", err)
		} else {
			wantCode(t, fmt.Sprint("guess ", i), err, errs.NotRecognised)
		}
	}
	p.Down.Store(true)
	w.Limits.IP = 4
	for range 6 { // nobody was asked: nobody guessed
		g := &auth_rpc.OpenGrant{Flag: "test", Code: "guess", State: w.state(t)}
		_, err := w.openLogin(t, g, "d1")
		wantCode(t, "while the provider is down", err, errs.Unavailable)
	}
	if n := p.Asked.Load(); n != 3 {
		t.Errorf("the provider was asked %d times", n)
	}
}

// state is a fresh one for device d1; what is known of the provider is enough.
func (w *world) state(t *testing.T) string {
	t.Helper()
	list, err := NewOpenLoginsLogic(t.Context(), w.ServiceContext).OpenLogins(&auth_rpc.OpenLoginsRequest{DeviceId: "d1"})
	if err != nil || len(list.List) != 1 {
		t.Fatalf("%+v, %v", list, err)
	}
	u, err := url.Parse(list.List[0].Href)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query().Get("state")
}

func TestADisabledAccountIsNotOpened(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	p := w.provide(t)
	ann := oidc.Person{Subject: "s1", UserName: "ann"}
	if _, err := w.openLogin(t, w.visit(t, p, "d1", ann), "d1"); err != nil {
		t.Fatal(err)
	}
	w.users.accounts["ann"].Disabled = true
	_, err := w.openLogin(t, w.visit(t, p, "d1", ann), "d1")
	wantCode(t, "disabled", err, errs.Disabled)
	w.site.closed = true
	w.users.accounts["ann"].Disabled = false
	_, err = w.openLogin(t, w.visit(t, p, "d1", ann), "d1")
	wantCode(t, "a closed site keeps who it has", err, nil)
}

func TestTheOwnerConfirmsByAProvider(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	p := w.provide(t)
	ann, bob := oidc.Person{Subject: "s1", UserName: "ann"}, oidc.Person{Subject: "s2", UserName: "bob"}
	s, err := w.openLogin(t, w.visit(t, p, "d1", ann), "d1")
	if err != nil {
		t.Fatal(err)
	}
	confirm := func(g *auth_rpc.OpenGrant) (string, error) {
		got, err := NewConfirmLogic(t.Context(), w.ServiceContext).Confirm(&auth_rpc.ConfirmRequest{
			Caller: caller(s, "d1"), Scene: model.SceneSetPassword, Grant: g,
		})
		return got.GetConfirmToken(), err
	}
	_, err = confirm(w.visit(t, p, "d1", oidc.Person{Subject: "unknown"}))
	wantCode(t, "by somebody without an account", err, errs.NotRecognised)
	if _, err := w.openLogin(t, w.visit(t, p, "d2", bob), "d2"); err != nil {
		t.Fatal(err)
	}
	_, err = confirm(w.visit(t, p, "d1", bob))
	wantCode(t, "by somebody else", err, errs.NotRecognised)
	_, err = confirm(w.visit(t, p, "d2", ann))
	wantCode(t, "from another device", err, errs.NotRecognised)
	g := w.visit(t, p, "d1", ann)
	confirmed, err := confirm(g)
	wantCode(t, "by the owner", err, nil)
	_, err = confirm(g)
	wantCode(t, "again", err, errs.NotRecognised)
	wantCode(t, "the first password", w.setPassword(t, caller(s, "d1"), "", next, confirmed), nil)
	_, err = w.login(t, "ann", next, "d3")
	wantCode(t, "login by it", err, nil)
}

func TestOpenLoginsNeedADevice(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	w.provide(t)
	list, err := NewOpenLoginsLogic(t.Context(), w.ServiceContext).OpenLogins(&auth_rpc.OpenLoginsRequest{})
	if err != nil || len(list.List) != 1 || list.List[0].Href != "" {
		t.Errorf("for nobody: %+v, %v", list, err)
	}
	for _, id := range []string{"d 1", strings.Repeat("d", 129), "设备"} {
		_, err := NewOpenLoginsLogic(t.Context(), w.ServiceContext).OpenLogins(&auth_rpc.OpenLoginsRequest{DeviceId: id})
		if !errors.Is(err, errs.Bad) || errs.From(err).Data["field"] != "deviceId" {
			t.Errorf("%.20q: %v", id, err)
		}
	}
}
