// Package openlogin lets people log in by an account at another provider that
// speaks OpenID Connect: with a code, PKCE, a nonce and a state that is bound
// to the device it was made for.
package openlogin

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
)

// Config is one provider, as the operator registered this site with it. One
// without any value is none.
type Config struct {
	// Name is what programs call it, the flag of a login.
	Name string `json:",optional"`
	// Title and Icon, a URL, are for people.
	Title string `json:",optional"`
	Icon  string `json:",optional"`
	// Issuer is where its discovery document is.
	Issuer       string `json:",optional"`
	ClientID     string `json:",optional"`
	ClientSecret string `json:",optional"`
	// RedirectURL is the page of a client that it sends people back to.
	RedirectURL string `json:",optional"`
	// Scopes are separated by blanks; openid is always among them.
	Scopes string `json:",optional"`
}

var goodName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,31}$`)

// password is the login method that is not a provider.
const password = "password"

// check returns what is wrong with c. It never repeats the secret.
func (c Config) check() error {
	switch {
	case !goodName.MatchString(c.Name) || c.Name == password:
		return fmt.Errorf("open login %q: a name has 1 to 32 of a-z, 0-9 and '-', and is not %q", c.Name, password)
	case c.ClientID == "" || c.RedirectURL == "" || c.Issuer == "":
		return fmt.Errorf("open login %s: issuer, client id and redirect URL are needed", c.Name)
	case len(c.Title) > 64:
		return fmt.Errorf("open login %s: the title is too long", c.Name)
	}
	for what, raw := range map[string]string{"issuer": c.Issuer, "redirect URL": c.RedirectURL, "icon": c.Icon} {
		if raw == "" {
			continue
		}
		if err := checkURL(raw); err != nil {
			return fmt.Errorf("open login %s: %s: %w", c.Name, what, err)
		}
	}
	return nil
}

// checkURL takes what is https, and on this machine http as well.
func checkURL(raw string) error {
	u, err := url.Parse(raw)
	switch {
	case err != nil || u.Host == "" || u.User != nil || u.Fragment != "":
		return errors.New("not an absolute URL")
	case !secure(u):
		return errors.New("not https")
	}
	return nil
}

func secure(u *url.URL) bool {
	return u.Scheme == "https" || u.Scheme == "http" && loopback(u.Hostname())
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.IsLoopback()
}

func (c Config) scopes() []string {
	list := []string{"openid"}
	for _, s := range strings.Fields(c.Scopes) {
		if s != "openid" {
			list = append(list, s)
		}
	}
	return list
}
