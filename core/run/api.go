package run

import (
	"context"
	"net/http"
	"time"

	"github.com/zeromicro/go-zero/core/logx"
	"github.com/zeromicro/go-zero/core/proc"
	"github.com/zeromicro/go-zero/core/service"
	"github.com/zeromicro/go-zero/rest"

	"tudoIM/common/errs"
	"tudoIM/common/response"
	"tudoIM/common/token"
	"tudoIM/core/conf"
)

const (
	headerTimeout = 5 * time.Second
	idleTimeout   = 60 * time.Second
	maxHeader     = 16 << 10
)

// API is an api half: a REST server that admits only the gateway, is
// registered in etcd, and tells its health on the inner address.
type API struct {
	// Server takes the half's generated routes.
	Server *rest.Server
	Ready  *Ready

	conf   conf.API
	ctx    context.Context
	end    func()
	onStop []func(ctx context.Context)
}

// Context ends when the last request has been answered; it is for the half's
// loops.
func (a *API) Context() context.Context { return a.ctx }

// OnStop adds the end of what the server does not wait for itself, such as
// sockets. It runs when callers have heard that the half leaves, while what
// is under way is still answered, and must return when ctx ends.
func (a *API) OnStop(f func(ctx context.Context)) { a.onStop = append(a.onStop, f) }

// NewAPI builds the server of an api half; nothing listens yet.
func NewAPI(c conf.API) (*API, error) {
	host, port, err := split(c.Listen)
	if err != nil {
		return nil, err
	}
	secret, err := conf.Secret(c.DataDir, "internal.secret", c.InternalSecret)
	if err != nil {
		return nil, err
	}
	server, err := rest.NewServer(rest.RestConf{
		ServiceConf: service.ServiceConf{Name: c.Name, Log: c.Log, Mode: service.ProMode},
		Host:        host, Port: port, Timeout: c.Timeout,
		Middlewares: rest.MiddlewaresConf{
			// The gateway writes the access log and bounds connections and
			// bodies; the shedder and MaxConns would count open sockets. The
			// breaker would answer others without the envelope, and refuse
			// them for what somebody else's flood has cost.
			Trace: true, Prometheus: true, Timeout: true, Recover: true,
		},
	},
		rest.WithNotFoundHandler(response.Refuse(errs.NotFound)),
		rest.WithNotAllowedHandler(response.Refuse(errs.BadMethod)))
	if err != nil {
		return nil, err
	}
	server.Use(rest.Middleware(token.Middleware(token.Key(secret, "identity"), func(w http.ResponseWriter, r *http.Request, err error) {
		response.Write(w, r, nil, err)
	})))
	ready, err := newReady(c.Half)
	if err != nil {
		return nil, err
	}
	ctx, end := context.WithCancel(context.Background())
	return &API{Server: server, Ready: ready, conf: c, ctx: ctx, end: end}, nil
}

// Start serves until the process ends. It panics with a clear error if the
// address cannot be listened on.
func (a *API) Start() {
	if err := free(a.conf.Name, a.conf.Listen); err != nil {
		panic(err)
	}
	ctx, stop := life()
	defer stop()
	defer a.end() // the server ends only behind what is on stop
	defer a.Ready.serve()()
	for _, f := range a.onStop {
		proc.AddShutdownListener(func() {
			ctx, cancel := context.WithTimeout(context.Background(), drainTime)
			defer cancel()
			f(ctx)
		})
	}
	go announce(ctx, a.conf.Half)
	logx.Infof("%s listens on %s", a.conf.Name, a.conf.Listen)
	a.Server.StartWithOpts(func(s *http.Server) {
		s.ReadHeaderTimeout, s.IdleTimeout, s.MaxHeaderBytes = headerTimeout, idleTimeout, maxHeader
		s.Handler = bounded(s.Handler)
		s.ReadTimeout, s.WriteTimeout = 0, 0 // sockets and file bodies set their own; the rest have the route timeout
	})
}

// Stop does nothing: servers end with the process, in the order Setup gives.
func (a *API) Stop() {}

// bounded takes from requests what would have go-zero's timeout pass them by
// unbounded: nothing of ours is a stream of events. (The other such header,
// Upgrade, the gateway lets through to sockets alone.)
func bounded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Del("Accept")
		next.ServeHTTP(w, r)
	})
}
