package run

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/zeromicro/go-zero/core/logx"
	"github.com/zeromicro/go-zero/core/proc"
	"google.golang.org/grpc"
	"google.golang.org/grpc/connectivity"

	"tudoIM/core/conf"
	"tudoIM/core/registry"
)

// Ready answers what a half lacks, on its inner address: /healthz (the
// process lives), /readyz (it has all it needs, or names what is missing) and
// /metrics.
type Ready struct {
	half conf.Half

	mu     sync.Mutex
	checks []check
}

type check struct {
	name string
	ask  func(ctx context.Context) error
}

func newReady(h conf.Half) (*Ready, error) {
	c, err := registry.Client(h.Etcd)
	if err != nil {
		return nil, err
	}
	r := &Ready{half: h}
	r.Need("etcd "+h.Etcd, func(ctx context.Context) error { return registry.Ping(ctx, c) })
	return r, nil
}

// Need adds something the half needs, by name and address.
func (r *Ready) Need(name string, ask func(ctx context.Context) error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.checks = append(r.checks, check{name, ask})
}

// Uses adds the half registered under key to what is needed: that it is
// registered, and connected if this half calls it.
func (r *Ready) Uses(key string) {
	c, err := registry.Client(r.half.Etcd)
	if err != nil {
		return // newReady has refused this configuration already
	}
	w := registry.Watch(c, key)
	r.Need(key, func(context.Context) error {
		addrs := w.Addrs()
		if len(addrs) == 0 {
			return errors.New("no instance is registered")
		}
		conn, ok := links.Load(link{r.half.Name, key})
		if !ok {
			return nil
		}
		cc := conn.(*grpc.ClientConn)
		if state := cc.GetState(); state != connectivity.Ready {
			cc.Connect()
			return fmt.Errorf("not connected to %s: %s", strings.Join(addrs, ", "), strings.ToLower(state.String()))
		}
		return nil
	})
}

// Missing returns what is missing now, name to reason; empty means ready. A
// process that stops is not ready.
func (r *Ready) Missing(ctx context.Context) map[string]string {
	select {
	case <-proc.Done():
		return map[string]string{r.half.Name: "is stopping"}
	default:
	}
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	r.mu.Lock()
	checks := r.checks
	r.mu.Unlock()
	var wg sync.WaitGroup
	var mu sync.Mutex
	missing := map[string]string{}
	for _, c := range checks {
		wg.Go(func() {
			if err := c.ask(ctx); err != nil {
				mu.Lock()
				defer mu.Unlock()
				missing[c.name] = err.Error()
			}
		})
	}
	wg.Wait()
	return missing
}

// ServeHTTP answers /readyz: 200 when nothing is missing, else 503.
func (r *Ready) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	writeReady(w, r.Missing(req.Context()))
}

// serve opens the inner address, if there is one, and returns its end. It
// panics with a clear error if that cannot be listened on.
func (r *Ready) serve() (stop func()) {
	end := func() {}
	if r.half.Inner != "" && r.half.Inner != conf.Off {
		name := "the inner address of " + r.half.Name
		if err := free(name, r.half.Inner); err != nil {
			panic(err)
		}
		end = inner(name, r.half.Inner, r)
	}
	quiet := time.AfterFunc(settle, r.report)
	return func() { quiet.Stop(); end() }
}

// inner serves what is not for clients on addr and returns its end.
func inner(name, addr string, ready http.Handler) (stop func()) {
	mux := http.NewServeMux()
	mux.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	mux.Handle("/readyz", ready)
	mux.Handle("/metrics", promhttp.Handler())
	l, err := net.Listen("tcp", addr)
	if err != nil {
		logx.Errorf("%s: %v", name, err)
		return func() {}
	}
	s := &http.Server{Handler: mux, ReadHeaderTimeout: headerTimeout, IdleTimeout: idleTimeout}
	go func() { _ = s.Serve(l) }()
	return func() { _ = s.Close() }
}

// settle is how long halves that start together may take to find each other.
const settle = 5 * time.Second

// report says once after start what the half lacks, for who reads the log.
func (r *Ready) report() {
	select {
	case <-proc.Done():
		return
	default:
	}
	for name, why := range r.Missing(context.Background()) {
		logx.Errorf("%s lacks %s: %s", r.half.Name, name, why)
	}
}
