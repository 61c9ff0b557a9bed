package proxy

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"time"

	"tudoIM/common/errs"
	"tudoIM/common/event"
	"tudoIM/common/rate"
	"tudoIM/common/token"
	"tudoIM/tudoIM_gateway/internal/config"
)

// rates bound what users, and addresses that are nobody yet, may ask.
type rates struct {
	user, upgrade, uploadBytes *rate.Limiter
	// ip is for what is asked in nobody's name, and for what is refused before
	// it is known in whose; refused, too, for sockets that are.
	ip, refused *rate.Limiter
	// routes are those of some routes, of users beside user, of addresses in
	// place of ip.
	routes routes[*rate.Limiter]
	all    []*rate.Limiter
	names  map[string]bool
}

func newRates(c config.Rates) (*rates, error) {
	r := &rates{routes: routes[*rate.Limiter]{}, names: map[string]bool{}}
	for _, one := range []struct {
		to         **rate.Limiter
		name, said string
	}{
		{&r.user, "user", c.User}, {&r.ip, "ip", c.IP}, {&r.upgrade, "upgrade", c.Upgrade},
		{&r.refused, "refused", c.Refused}, {&r.uploadBytes, "upload_bytes", c.UploadBytes},
	} {
		var err error
		if *one.to, err = r.add(one.name, one.said); err != nil {
			return nil, err
		}
	}
	for _, some := range c.Routes {
		l, err := r.add(some.Name, some.Rate)
		if err != nil {
			return nil, err
		}
		if len(some.Routes) == 0 {
			return nil, fmt.Errorf("rate %s: no route", some.Name)
		}
		for _, route := range some.Routes {
			if err := r.routes.add(route, l); err != nil {
				return nil, fmt.Errorf("rate %s: %w", some.Name, err)
			}
		}
	}
	return r, nil
}

func (r *rates) add(name, said string) (*rate.Limiter, error) {
	if name == "" || r.names[name] {
		return nil, fmt.Errorf("rate %q: a name is needed, and of its own", name)
	}
	r.names[name] = true
	l, err := rate.Named("gateway."+name, said)
	if err != nil {
		return nil, err
	}
	r.all = append(r.all, l)
	return l, nil
}

// ShareRates counts together with the other gateways on bus until ctx ends.
func (g *Gateway) ShareRates(ctx context.Context, bus *event.Bus) {
	rate.Share(ctx, bus, g.rates.all...)
}

// admit counts a request that is about to be passed on: against its user, or
// against its address if it is in nobody's name, or by a link that anybody may
// have.
func (r *rates) admit(id token.Identity, method string, c *call, socket bool) error {
	own, _, ok := r.routes.find(method, c.path)
	if id.UserID == 0 || c.linked {
		if !ok {
			own = r.ip
		}
		return own.Admit(addressKey(id.ClientIP), 1)
	}
	if err := r.user.Admit(id.UserID, 1); err != nil {
		return err
	}
	if socket {
		return r.upgrade.Admit(id.UserID, 1)
	}
	if ok {
		return own.Admit(id.UserID, 1)
	}
	return nil
}

// refuse counts a request that err refuses before it is known whose it is, and
// returns what to answer. That we could not tell is not the sender's fault; and
// whose token was once good has to hear that it is no more, or would never get
// another.
func (r *rates) refuse(err error, ip string, socket bool) error {
	if errs.From(err).Status >= http.StatusInternalServerError || errors.Is(err, errs.TokenExpired) || errors.Is(err, errs.Kicked) {
		return err
	}
	l := r.ip
	if socket {
		l = r.refused
	}
	if much := l.Admit(addressKey(ip), 1); much != nil {
		return much
	}
	return err
}

// upload lets user send a body of size bytes, of which may be sent more than
// are if it is not known; end is to be called with how many came.
func (r *rates) upload(user uint64, size int64) (end func(came int64), err error) {
	at := time.Now()
	if err := r.uploadBytes.Admit(user, size); err != nil {
		return nil, err
	}
	return func(came int64) { r.uploadBytes.GiveBack(user, size-came, at) }, nil
}

// addressKey is what an address counts as: of IPv6 the /64, for who has one
// has all of it.
func addressKey(ip string) uint64 {
	a, err := netip.ParseAddr(ip)
	if err != nil {
		return 0 // no address of TCP
	}
	b := a.As16() // IPv4 is within ::ffff:0:0/96
	var key uint64
	from := b[:8]
	if a.Unmap().Is4() {
		from = b[8:]
	}
	for _, x := range from {
		key = key<<8 | uint64(x)
	}
	return key
}
