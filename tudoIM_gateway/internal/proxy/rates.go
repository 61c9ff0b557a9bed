package proxy

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"

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
	// routes are those of some routes beside user.
	routes routes[*rate.Limiter]
	all    []*rate.Limiter
}

func newRates(c config.Rates) (*rates, error) {
	r := &rates{routes: routes[*rate.Limiter]{}}
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
		for _, route := range some.Routes {
			if err := r.routes.add(route, l); err != nil {
				return nil, fmt.Errorf("rate %s: %w", some.Name, err)
			}
		}
	}
	return r, nil
}

func (r *rates) add(name, said string) (*rate.Limiter, error) {
	l, err := rate.Named(name, said)
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

// take is a Take as who asks hears of it.
func take(l *rate.Limiter, key uint64, n int64) error {
	if wait := l.Take(key, n); wait > 0 {
		return errs.TooMany.Retry(wait)
	}
	return nil
}

// admit counts a request of id, or of nobody, that is about to be passed on.
func (r *rates) admit(id token.Identity, method, path string, socket bool) error {
	if id.UserID == 0 {
		return take(r.ip, addressKey(id.ClientIP), 1)
	}
	if err := take(r.user, id.UserID, 1); err != nil {
		return err
	}
	if socket {
		return take(r.upgrade, id.UserID, 1)
	}
	if l, _, ok := r.routes.find(method, path); ok {
		return take(l, id.UserID, 1)
	}
	return nil
}

// refuse counts a request that err refuses before it is known whose it is, and
// returns what to answer. That we could not tell is not the sender's fault.
func (r *rates) refuse(err error, ip string, socket bool) error {
	if errs.From(err).Status >= http.StatusInternalServerError {
		return err
	}
	l := r.ip
	if socket {
		l = r.refused
	}
	if much := take(l, addressKey(ip), 1); much != nil {
		return much
	}
	return err
}

// upload lets user send a body of size bytes, of which may be sent more than
// are if it is not known; end is to be called with how many came.
func (r *rates) upload(user uint64, size int64) (end func(came int64), err error) {
	if err := take(r.uploadBytes, user, size); err != nil {
		return nil, err
	}
	return func(came int64) { r.uploadBytes.GiveBack(user, size-came) }, nil
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
