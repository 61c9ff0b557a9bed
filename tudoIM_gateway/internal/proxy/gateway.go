// Package proxy is a request's way through the gateway: looked at, given an
// identity, signed, passed on.
package proxy

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httputil"
	"net/netip"
	"strings"
	"time"

	"tudoIM/common/errs"
	"tudoIM/common/response"
	"tudoIM/common/token"
	"tudoIM/core/registry"
	"tudoIM/tudoIM_gateway/internal/auth"
	"tudoIM/tudoIM_gateway/internal/config"
	"tudoIM/utils/rand"
)

const (
	prefix     = "/api/"
	socketPath = "/api/chat/ws"
)

// Guard tells who a request comes from.
type Guard interface {
	Identify(r *http.Request) (token.Identity, error)
	Redeem(ctx context.Context, ticket string) (token.Identity, error)
	Open(ctx context.Context, file, sign string) (token.Identity, error)
	Forget(user uint64)
}

// Gateway is the handler of everything clients ask.
type Gateway struct {
	// Sockets are the connections that were taken over from the server.
	Sockets *Sockets

	guard   Guard
	key     []byte
	pools   map[string]*pool
	public  map[string]bool
	inside  map[string]bool
	aliases map[string]string
	// elsewhere are the services of routes that name another.
	elsewhere routes[string]
	uploads   routes[int64]
	// signed are the routes that a signed link opens.
	signed  routes[bool]
	rates   *rates
	proxies []netip.Prefix
	maxBody int64
	limits  config.Limits
	origins origins
	dialer  *net.Dialer
	forward *httputil.ReverseProxy
	site    http.Handler
	logs    bool
}

// New builds the handler. instances returns the addresses of an etcd key; key
// signs identities; site answers what is not under /api/.
func New(c config.Config, guard Guard, key []byte, instances func(key string) func() []string, site http.Handler) (*Gateway, error) {
	g := &Gateway{
		Sockets: newSockets(),
		guard:   guard, key: key, maxBody: c.MaxBody, limits: c.Limits, site: site, logs: c.AccessLog,
		pools: map[string]*pool{}, public: map[string]bool{}, inside: map[string]bool{}, aliases: map[string]string{}, elsewhere: routes[string]{}, uploads: routes[int64]{}, signed: routes[bool]{},
	}
	for _, name := range c.Services {
		g.pools[name] = newPool(name+"_api", instances(name+"_api"))
	}
	for _, route := range c.Public {
		if !isRoute(route) {
			return nil, fmt.Errorf("public route %q: not of the form METHOD /path", route)
		}
		g.public[route] = true
	}
	for _, p := range c.Inside {
		if !clean(p) {
			return nil, fmt.Errorf("inside path %q: not of the form /path", p)
		}
		g.inside[p] = true
	}
	for _, a := range c.Aliases {
		if !isRoute(a.Route) || !clean(a.Path) {
			return nil, fmt.Errorf("alias %q to %q: not of the form METHOD /path to /path", a.Route, a.Path)
		}
		g.aliases[a.Route] = a.Path
	}
	for _, e := range c.Elsewhere {
		if g.pools[e.Service] == nil {
			return nil, fmt.Errorf("route %q to %q: no such service", e.Route, e.Service)
		}
		if err := g.elsewhere.add(e.Route, e.Service); err != nil {
			return nil, fmt.Errorf("elsewhere: %w", err)
		}
	}
	for _, u := range c.Uploads {
		if err := g.uploads.add(u.Route, u.MaxBytes); err != nil {
			return nil, fmt.Errorf("uploads: %w", err)
		}
	}
	for _, s := range c.Signed {
		if !strings.Contains(s+"/", "/:"+signedFile+"/") {
			return nil, fmt.Errorf("signed: route %q names no :%s", s, signedFile)
		}
		if err := g.signed.add(s, true); err != nil {
			return nil, fmt.Errorf("signed: %w", err)
		}
	}
	var err error
	if g.rates, err = newRates(c.Rates); err != nil {
		return nil, err
	}
	if c.Proxies != "" {
		if g.proxies, err = registry.Networks(c.Proxies); err != nil {
			return nil, fmt.Errorf("proxies: %w", err)
		}
	}
	networks, err := registry.Networks(c.Networks)
	if err != nil {
		return nil, err
	}
	if g.origins, err = parseOrigins(c.Origins); err != nil {
		return nil, err
	}
	g.dialer = registry.Dialer(networks)
	g.forward = newForwarder(key, g.dialer, g.answered)
	return g, nil
}

func isRoute(route string) bool {
	method, p, ok := strings.Cut(route, " ")
	return ok && methods[method] && clean(p)
}

// ServeHTTP answers one request and logs it; a socket is logged at its end.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	token.Strip(r.Header)
	v := visit{begin: time.Now(), method: r.Method, path: r.URL.EscapedPath(), id: token.Identity{
		ClientIP: clientIP(r, g.proxies), RequestID: rand.Hex(12),
	}}
	a := &answer{ResponseWriter: w}
	defer func() { // also when a copy was broken off by a panic
		if g.logs && a.status != http.StatusSwitchingProtocols {
			v.log(a.status)
		}
	}()
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("X-Request-Id", v.id.RequestID)
	if r.TLS != nil { // from now on, for a year, nobody is to come without
		w.Header().Set("Strict-Transport-Security", "max-age=31536000")
	}
	r = r.WithContext(token.With(r.Context(), v.id))
	if err := g.serve(a, r, &v); err != nil {
		response.Write(a, r, nil, err)
	}
}

func (g *Gateway) serve(w *answer, r *http.Request, v *visit) error {
	if r.ContentLength != 0 { // of every body, also one that nobody asks for; uploads have longer
		_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(seconds(g.limits.BodySeconds)))
	}
	if err := shape(r, g.limits); err != nil {
		return g.rates.refuse(err, v.id.ClientIP, false)
	}
	if done, err := g.origins.answer(w, r); done {
		if err != nil {
			err = g.rates.refuse(err, v.id.ClientIP, false)
		}
		return err
	}
	if !strings.HasPrefix(r.URL.Path, prefix) {
		if !isWatch(r.URL.Path) {
			if err := g.rates.ip.Admit(addressKey(v.id.ClientIP), 1); err != nil {
				return err
			}
		}
		g.site.ServeHTTP(w, r)
		return nil
	}
	socket := isSocket(r.Header)
	c, maxBytes, err := g.judge(w, r, v, socket)
	if err != nil {
		return g.rates.refuse(err, v.id.ClientIP, socket)
	}
	if err := g.rates.admit(v.id, r.Method, c, socket); err != nil {
		return err
	}
	c.id = v.id
	auth.StripToken(r.Header)
	if socket {
		return g.socket(w, r, c, v)
	}
	if c.upload {
		end, err := g.boundUpload(w, r, v.id.UserID, maxBytes)
		if err != nil {
			return err
		}
		defer end()
	} else if err := readBody(w, r, maxBytes); err != nil {
		return err
	}
	r.Header.Del("Upgrade") // to nothing we would switch to
	r.Header.Del("Expect")  // answered here
	g.forward.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), callKey{}, c)))
	return nil
}

// judge finds out what r asks for and in whose name, and how long its body may
// be.
func (g *Gateway) judge(w http.ResponseWriter, r *http.Request, v *visit, socket bool) (c *call, maxBytes int64, err error) {
	if c, err = g.target(r); err != nil {
		return nil, 0, err
	}
	route := r.Method + " " + c.path
	if maxBytes, _, c.upload = g.uploads.find(r.Method, c.path); !c.upload {
		maxBytes = g.maxBody
	}
	if err := checkBody(r, maxBytes, c.upload); err != nil {
		return nil, 0, err
	}
	if socket != (route == http.MethodGet+" "+socketPath) || socket && r.ContentLength != 0 {
		return nil, 0, errs.Bad
	}
	if file, sign, ok := g.takeSign(r, c.path); ok {
		w.Header().Set("Referrer-Policy", "no-referrer") // the address is the key
		c.linked = true
		return c, maxBytes, g.open(r, v, file, sign)
	}
	return c, maxBytes, g.identify(r, v, route, socket)
}

// target finds the service r is for. Names are looked up in the fixed list
// and go nowhere else.
func (g *Gateway) target(r *http.Request) (*call, error) {
	p := r.URL.Path
	if to, ok := g.aliases[r.Method+" "+p]; ok {
		p = to
	}
	name, _, _ := strings.Cut(strings.TrimPrefix(p, prefix), "/")
	if at, _, ok := g.elsewhere.find(r.Method, p); ok {
		name = at
	}
	pool, ok := g.pools[name]
	if !ok || g.inside[p] {
		return nil, errs.NotFound
	}
	return &call{pool: pool, path: p}, nil
}

// identify completes v.id: by a socket's ticket, else by the token; on a
// public route it stays nobody, whatever was sent along.
func (g *Gateway) identify(r *http.Request, v *visit, route string, socket bool) error {
	if g.public[route] {
		return nil
	}
	var id token.Identity
	var err error
	if ticket := takeTicket(r, socket); ticket == "" {
		id, err = g.guard.Identify(r)
	} else if auth.HasToken(r.Header) {
		err = errs.Unauthorized // of two, nobody could say which counts
	} else {
		id, err = g.guard.Redeem(r.Context(), ticket)
	}
	return v.is(id, err)
}

// open completes v.id by a signed link.
func (g *Gateway) open(r *http.Request, v *visit, file, sign string) error {
	if auth.HasToken(r.Header) {
		return errs.Unauthorized // as with a ticket
	}
	return v.is(g.guard.Open(r.Context(), file, sign))
}

// signedFile names in a route the file that a link opens.
const signedFile = "uid"

// takeSign removes the signed link from r's query and returns it with the file
// it is used for, if r has one and path is one that it opens.
func (g *Gateway) takeSign(r *http.Request, path string) (file, sign string, ok bool) {
	q := r.URL.Query() // of what cannot be parsed nothing is kept
	if !q.Has("sign") {
		return "", "", false
	}
	_, names, ok := g.signed.find(r.Method, path)
	if !ok {
		return "", "", false
	}
	sign = strings.Join(q["sign"], ",") // two are none
	q.Del("sign")
	r.URL.RawQuery = q.Encode()
	return names[signedFile], sign, true
}

// takeTicket removes the ticket of a socket from r's query and returns it.
func takeTicket(r *http.Request, socket bool) string {
	if !socket {
		return ""
	}
	q := r.URL.Query() // of what cannot be parsed nothing is kept
	ticket := q.Get("ticket")
	q.Del("ticket")
	r.URL.RawQuery = q.Encode()
	return ticket
}

// answered drops what is known of a user's sessions when auth_api has
// answered him: the answer may be that one of them ended.
func (g *Gateway) answered(c *call) {
	if c.pool == g.pools["auth"] && c.id.UserID != 0 {
		g.guard.Forget(c.id.UserID)
	}
}
