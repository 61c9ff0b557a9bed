// Package run starts halves, alone or together, and ends them in order. What
// is global in a process is set here and nowhere else.
package run

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/zeromicro/go-zero/core/logx"
	"github.com/zeromicro/go-zero/core/proc"
	"github.com/zeromicro/go-zero/core/service"
	"github.com/zeromicro/go-zero/core/trace"

	"tudoIM/core/conf"
)

const (
	// wrapUp is how long callers have to notice that we left etcd, before
	// servers stop taking requests.
	wrapUp = time.Second
	// hardStop ends a process that will not end by itself.
	hardStop = 15 * time.Second
)

// HalfConf is what every half's configuration embeds.
type HalfConf interface{ Common() conf.Half }

// Main runs one half as a process of its own: it reads file, builds the half
// and serves until SIGTERM or SIGINT. It exits with 1 and one line on stderr
// when the half cannot be started.
func Main[C HalfConf, S service.Service](name, file string, build func(C) (S, error)) {
	if err := one(name, file, build); err != nil {
		Exit(name, err)
	}
}

// Exit ends the process with code 1 and one line on stderr, which says why.
func Exit(name string, err error) {
	why := strings.Join(strings.FieldsFunc(err.Error(), func(r rune) bool { return r < ' ' || r == 0x7f }), "; ")
	fmt.Fprintf(os.Stderr, "%s: %s\n", name, why)
	os.Exit(1)
}

func one[C HalfConf, S service.Service](name, file string, build func(C) (S, error)) error {
	var c C
	if err := conf.Load(file, &c, os.LookupEnv); err != nil {
		return err
	}
	if err := Setup(name, c.Common()); err != nil {
		return err
	}
	half, err := build(c)
	if err != nil {
		return err
	}
	return Serve(half)
}

// Setup sets what is global in a process: logging, tracing, how it stops.
func Setup(name string, h conf.Half) error {
	h.Log.ServiceName = name
	h.Log.Stat = false
	if err := logx.SetUp(h.Log); err != nil {
		return fmt.Errorf("log: %w", err)
	}
	h.Telemetry.Name = name
	trace.StartAgent(h.Telemetry)
	proc.AddShutdownListener(trace.StopAgent)
	proc.Setup(proc.ShutdownConf{WrapUpTime: wrapUp, WaitTime: hardStop})
	return nil
}

// Serve starts the services and returns when all have ended, or as soon as
// one could not go on. A process told to stop before it served does not start.
func Serve(services ...service.Service) error {
	select {
	case <-proc.Done():
		return nil
	default:
	}
	ended := make(chan error, len(services))
	for _, s := range services {
		go func() {
			defer func() {
				if p := recover(); p != nil { // go-zero's servers panic when they cannot listen
					ended <- asError(p)
				}
			}()
			s.Start()
			ended <- nil
		}()
	}
	for range services {
		if err := <-ended; err != nil {
			return err
		}
	}
	return nil
}

func asError(p any) error {
	if err, ok := p.(error); ok {
		return err
	}
	return fmt.Errorf("%v", p)
}

// life is the end of a half: its context ends when the process begins to stop.
func life() (ctx context.Context, stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var once sync.Once
	stop = func() { once.Do(cancel) }
	proc.AddWrapUpListener(stop)
	return ctx, stop
}

// split returns host and port of a listen address.
func split(addr string) (host string, port int, err error) {
	a, err := net.ResolveTCPAddr("tcp", addr)
	if err != nil {
		return "", 0, fmt.Errorf("listen address %q: %w", addr, err)
	}
	if a.Port == 0 {
		return "", 0, fmt.Errorf("listen address %q: a port is needed, others must find it", addr)
	}
	host, _, err = net.SplitHostPort(addr)
	return host, a.Port, err
}

// free reports whether addr can be listened on, in words for the operator.
func free(name, addr string) error {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		var op *net.OpError
		if errors.As(err, &op) {
			err = op.Err
		}
		return fmt.Errorf("%s cannot listen on %s: %w", name, addr, err)
	}
	return l.Close()
}

// advertised returns the address others reach h at.
func advertised(h conf.Half) (string, error) {
	if h.Advertise != "" {
		return h.Advertise, nil
	}
	host, port, err := net.SplitHostPort(h.Listen)
	if err != nil {
		return "", fmt.Errorf("listen address %q: %w", h.Listen, err)
	}
	if ip := net.ParseIP(host); host != "" && (ip == nil || !ip.IsUnspecified()) {
		return h.Listen, nil
	}
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return "", fmt.Errorf("advertised address: %w", err)
	}
	for _, a := range addrs {
		if n, ok := a.(*net.IPNet); ok && n.IP.IsGlobalUnicast() && n.IP.To4() != nil {
			return net.JoinHostPort(n.IP.String(), port), nil
		}
	}
	return net.JoinHostPort("127.0.0.1", port), nil
}
