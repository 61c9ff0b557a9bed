package run

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/zeromicro/go-zero/core/logx"
	"github.com/zeromicro/go-zero/core/proc"

	"tudoIM/core/conf"
)

const (
	// drainTime is how long requests and sockets may take to end once no new
	// ones are let in; it leaves time below hardStop to close the rest.
	drainTime = 8 * time.Second
	// Silence longer than this on a connection is asked about by TCP; three
	// questions without an answer end it.
	keepAliveIdle = 15 * time.Second
)

// Edge is an HTTP server that clients reach directly: the gateway's.
type Edge struct {
	// Server is complete but for its Handler and, for TLS, its TLSConfig.
	Server *http.Server
	Ready  *Ready

	conf   conf.Half
	opened atomic.Bool
	beside []func(ctx context.Context)
	wrapUp []func()
	stop   []func(ctx context.Context)
}

// NewEdge builds the server; nothing listens yet.
func NewEdge(h conf.Half) (*Edge, error) {
	if _, _, err := split(h.Listen); err != nil {
		return nil, err
	}
	ready, err := newReady(h)
	if err != nil {
		return nil, err
	}
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true) // sockets take connections over, which HTTP/2 has not
	e := &Edge{
		conf: h, Ready: ready,
		Server: &http.Server{
			ReadHeaderTimeout: headerTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader,
			Protocols:                    protocols,
			DisableGeneralOptionsHandler: true,
			ErrorLog:                     log.New(io.Discard, "", 0), // anybody can make it write
		},
	}
	ready.Need(h.Name, func(context.Context) error {
		if !e.opened.Load() {
			return errors.New("does not listen")
		}
		return nil
	})
	return e, nil
}

// Beside adds a loop that runs until the server has ended.
func (e *Edge) Beside(f func(ctx context.Context)) { e.beside = append(e.beside, f) }

// OnWrapUp adds what is done at once when the process begins to stop, while
// requests are still taken.
func (e *Edge) OnWrapUp(f func()) { e.wrapUp = append(e.wrapUp, f) }

// OnStop adds the end of what the server does not wait for itself, such as
// connections taken over from it; it must return when ctx ends.
func (e *Edge) OnStop(f func(ctx context.Context)) { e.stop = append(e.stop, f) }

// Start serves until the process ends. It panics with a clear error if the
// address cannot be listened on.
func (e *Edge) Start() {
	if err := free(e.conf.Name, e.conf.Listen); err != nil {
		panic(err)
	}
	ctx, stop := life()
	defer stop()
	for _, f := range e.wrapUp {
		context.AfterFunc(ctx, f)
	}
	ended := make(chan struct{})
	proc.AddShutdownListener(func() {
		defer close(ended)
		e.shutdown()
	})
	keep := net.ListenConfig{KeepAliveConfig: net.KeepAliveConfig{
		Enable: true, Idle: keepAliveIdle, Interval: keepAliveIdle / 3, Count: 3,
	}}
	l, err := keep.Listen(ctx, "tcp", e.conf.Listen)
	if err != nil {
		panic(err)
	}
	defer e.Ready.serve()()
	work, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	for _, f := range e.beside {
		go f(work)
	}
	e.opened.Store(true)
	logx.Infof("%s listens on %s", e.conf.Name, e.conf.Listen)
	if e.Server.TLSConfig != nil {
		err = e.Server.ServeTLS(l, "", "")
	} else {
		err = e.Server.Serve(l)
	}
	if !errors.Is(err, http.ErrServerClosed) {
		panic(err)
	}
	<-ended
}

// Stop does nothing: servers end with the process, in the order Setup gives.
func (e *Edge) Stop() {}

func (e *Edge) shutdown() {
	ctx, cancel := context.WithTimeout(context.Background(), drainTime)
	defer cancel()
	var wg sync.WaitGroup
	for _, f := range e.stop {
		wg.Go(func() { f(ctx) })
	}
	wg.Go(func() {
		if e.Server.Shutdown(ctx) != nil {
			_ = e.Server.Close()
		}
	})
	wg.Wait()
}
