package openlogin

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/zeromicro/go-zero/core/logx"
	"golang.org/x/oauth2"

	"tudoIM/common/errs"
)

const (
	maxCode    = 2048
	maxSubject = 255
)

// Person is who a provider says somebody is. Subject is the account there; the
// rest is only good for a first name here.
type Person struct {
	Subject string
	// UserName, Email and Name may be anything, or nothing.
	UserName string
	Email    string
	Name     string
}

// Provider is one that people have accounts at.
type Provider struct {
	Config

	client *http.Client
	mu     sync.Mutex
	found  *oidc.Provider // nil until it was reached
	// failedAt is when it was not, and why.
	failedAt time.Time
	why      error
}

// askAgain is how long a provider that was not reached is left alone.
const askAgain = time.Second

// discover returns what the provider says of itself, which is asked until it
// is known once.
func (p *Provider) discover(ctx context.Context) (*oidc.Provider, error) {
	p.mu.Lock()
	found, why, late := p.found, p.why, time.Since(p.failedAt) >= askAgain
	p.mu.Unlock()
	switch {
	case found != nil:
		return found, nil
	case why != nil && !late:
		return nil, why
	}
	found, err := oidc.NewProvider(oidc.ClientContext(ctx, p.client), p.Issuer)
	p.mu.Lock()
	defer p.mu.Unlock()
	if err != nil {
		p.failedAt, p.why = time.Now(), err
		return nil, err
	}
	p.found, p.why = found, nil
	return found, nil
}

func (p *Provider) oauth(found *oidc.Provider) *oauth2.Config {
	to := found.Endpoint()
	to.AuthStyle = p.authStyle(found) // oauth2 would try both, and use a code twice
	return &oauth2.Config{
		ClientID: p.ClientID, ClientSecret: p.ClientSecret, RedirectURL: p.RedirectURL, Endpoint: to, Scopes: p.scopes(),
	}
}

// authStyle is how the provider wants to know us: by a header, unless it says
// that it takes no such.
func (p *Provider) authStyle(found *oidc.Provider) oauth2.AuthStyle {
	var says struct {
		Methods []string `json:"token_endpoint_auth_methods_supported"`
	}
	err := found.Claims(&says)
	if p.ClientSecret == "" || err == nil && len(says.Methods) > 0 && !slices.Contains(says.Methods, "client_secret_basic") {
		return oauth2.AuthStyleInParams
	}
	return oauth2.AuthStyleInHeader
}

// exchange returns who code is of, which was given for st. It answers
// errs.NotRecognised if the provider or its token says no, and
// errs.Unavailable if it cannot be asked.
func (p *Provider) exchange(ctx context.Context, code string, st State) (Person, error) {
	if code == "" || len(code) > maxCode {
		return Person{}, errs.NotRecognised
	}
	found, err := p.discover(ctx)
	if err != nil {
		return Person{}, p.failed(ctx, "discovery", err)
	}
	got, err := p.oauth(found).Exchange(oidc.ClientContext(ctx, p.client), code, oauth2.VerifierOption(st.Verifier))
	if err != nil {
		return Person{}, p.failed(ctx, "exchange", err)
	}
	raw, ok := got.Extra("id_token").(string)
	if !ok {
		return Person{}, p.failed(ctx, "exchange", errNoToken)
	}
	id, err := found.Verifier(&oidc.Config{ClientID: p.ClientID}).Verify(oidc.ClientContext(ctx, p.client), raw)
	if err != nil {
		return Person{}, p.failed(ctx, "id token", err)
	}
	return p.person(ctx, id, st)
}

func (p *Provider) person(ctx context.Context, id *oidc.IDToken, st State) (Person, error) {
	var claims struct {
		Party    string `json:"azp"`
		UserName string `json:"preferred_username"`
		Email    string `json:"email"`
		Name     string `json:"name"`
	}
	if err := id.Claims(&claims); err != nil {
		return Person{}, p.failed(ctx, "claims", errors.Join(errBadToken, err))
	}
	switch {
	case subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(st.Nonce)) != 1:
		return Person{}, p.failed(ctx, "id token", errNonce)
	case claims.Party != "" && claims.Party != p.ClientID, len(id.Audience) > 1 && claims.Party == "":
		return Person{}, p.failed(ctx, "id token", errBadToken) // for another party
	case id.Subject == "" || len(id.Subject) > maxSubject:
		return Person{}, p.failed(ctx, "id token", errBadToken)
	}
	return Person{Subject: id.Subject, UserName: claims.UserName, Email: claims.Email, Name: claims.Name}, nil
}

var (
	errNoToken  = errors.New("there is no id token")
	errNonce    = errors.New("the nonce is another one")
	errBadToken = errors.New("the token is not for us")
)

// failed logs why a login by p ended, without code, token or secret, and
// returns what the user hears. Whoever cannot be reached has not said no.
func (p *Provider) failed(ctx context.Context, what string, err error) error {
	var said *oauth2.RetrieveError
	switch {
	case errors.As(err, &said) && said.Response != nil && said.Response.StatusCode < http.StatusInternalServerError:
		logx.WithContext(ctx).Infof("open login %s: %s: refused with %d %.64q", p.Name, what, said.Response.StatusCode, said.ErrorCode)
		return errs.NotRecognised
	case errors.As(err, &said), what == "discovery", isTransport(err):
		logx.WithContext(ctx).Errorf("open login %s: %s: %.500v", p.Name, what, err)
		return errs.Unavailable
	}
	logx.WithContext(ctx).Infof("open login %s: %s: %.500v", p.Name, what, err)
	return errs.NotRecognised
}

// isTransport reports whether err is of the way there, not of the answer.
func isTransport(err error) bool {
	var timeout interface{ Timeout() bool }
	return errors.As(err, &timeout) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) ||
		strings.Contains(err.Error(), "fetching keys") // go-oidc says it in words only
}

// Providers are those one can log in by.
type Providers struct {
	list  []*Provider
	seals seals
}

// New returns the providers of list, none of which is asked before somebody
// wants to log in by it; states are sealed with a key made from secret.
func New(list []Config, secret []byte) (*Providers, error) {
	seals, err := newSeals(secret)
	if err != nil {
		return nil, err
	}
	p, client := &Providers{seals: seals}, newClient()
	for _, c := range list {
		if c == (Config{Scopes: c.Scopes}) {
			continue // the one of the environment, which is not set
		}
		if err := c.check(); err != nil {
			return nil, err
		}
		if p.byName(c.Name) != nil {
			return nil, fmt.Errorf("open login %s is there twice", c.Name)
		}
		p.list = append(p.list, &Provider{Config: c, client: client})
	}
	return p, nil
}

func (p *Providers) byName(name string) *Provider {
	if i := slices.IndexFunc(p.list, func(one *Provider) bool { return one.Name == name }); i >= 0 {
		return p.list[i]
	}
	return nil
}

// Choice is a provider as people see it, and where their login begins.
type Choice struct{ Name, Title, Icon, Href string }

// reachWait bounds how long the list waits for a provider that was not
// reached yet.
const reachWait = 1500 * time.Millisecond

// Choices lists the providers. With a device it makes a login of each for it,
// and leaves out those that cannot be reached.
func (p *Providers) Choices(ctx context.Context, device string, now time.Time) []Choice {
	ctx, cancel := context.WithTimeout(ctx, reachWait)
	defer cancel()
	all := make([]*Choice, len(p.list))
	var wg sync.WaitGroup
	for i, one := range p.list {
		wg.Go(func() {
			c := &Choice{Name: one.Name, Title: one.Title, Icon: one.Icon}
			if device != "" {
				href, err := p.begin(ctx, one, device, now)
				if err != nil {
					logx.WithContext(ctx).Errorf("open login %s is not offered: %.500v", one.Name, err)
					return
				}
				c.Href = href
			}
			all[i] = c
		})
	}
	wg.Wait()
	list := make([]Choice, 0, len(all))
	for _, c := range all {
		if c != nil {
			list = append(list, *c)
		}
	}
	return list
}

func (p *Providers) begin(ctx context.Context, one *Provider, device string, now time.Time) (string, error) {
	found, err := one.discover(ctx)
	if err != nil {
		return "", err
	}
	st := State{
		Provider: one.Name, Device: device, Verifier: oauth2.GenerateVerifier(), Nonce: random(),
		EndsAt: now.Add(stateTTL).UnixMilli(),
	}
	sealed, err := p.seals.seal(st)
	if err != nil {
		return "", err
	}
	return one.oauth(found).AuthCodeURL(sealed, oauth2.S256ChallengeOption(st.Verifier), oidc.Nonce(st.Nonce)), nil
}

// Grant is what a provider sent a device back with.
type Grant struct{ Provider, Code, State string }

// Recognise returns who the provider says is at device. use is called with the
// state before the provider is asked, and refuses one that was used. It
// answers errs.NoProvider, errs.NotRecognised and errs.Unavailable.
func (p *Providers) Recognise(ctx context.Context, g Grant, device string, now time.Time, use func(State) error) (Person, error) {
	one := p.byName(g.Provider)
	if one == nil {
		return Person{}, errs.NoProvider
	}
	st, err := p.seals.open(g.State, one.Name, device, now)
	if err != nil {
		return Person{}, err
	}
	if err := use(st); err != nil {
		return Person{}, err
	}
	return one.exchange(ctx, g.Code, st)
}
