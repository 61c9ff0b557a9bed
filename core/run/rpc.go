package run

import (
	"context"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"runtime/debug"
	"sync"
	"time"

	"github.com/zeromicro/go-zero/core/logx"
	"github.com/zeromicro/go-zero/core/service"
	"github.com/zeromicro/go-zero/zrpc"
	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/metadata"

	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/core/conf"
	"tudoIM/core/registry"
)

// loopTime is how long loops may take to end what they do: the messages that
// were answered last, for example, are still to be told to others.
const loopTime = 2 * time.Second

// internalHeader carries the proof that a caller knows the internal secret.
const internalHeader = "tudo-internal"

// RPC is an rpc half: a gRPC server that admits only callers with the
// internal secret, and is registered in etcd once its database serves.
type RPC struct {
	Ready *Ready

	conf   conf.RPC
	server *zrpc.RpcServer
	before []func(ctx context.Context) error
	beside []func(ctx context.Context)

	unavailable func(error) bool
}

// NewRPC builds the server of an rpc half; nothing listens yet.
func NewRPC(c conf.RPC, register func(*grpc.Server)) (*RPC, error) {
	if _, _, err := split(c.Listen); err != nil {
		return nil, err
	}
	proof, err := internalProof(c.Half)
	if err != nil {
		return nil, err
	}
	server, err := zrpc.NewServer(zrpc.RpcServerConf{
		ServiceConf: service.ServiceConf{Name: c.Name, Log: c.Log, Mode: service.ProMode},
		ListenOn:    c.Listen, Timeout: c.Timeout, Health: true,
		// Stat would write requests, passwords among them, into the log; the
		// shedder is off because our queues are bounded.
		Middlewares: zrpc.ServerMiddlewaresConf{Trace: true, Prometheus: true},
	}, register)
	if err != nil {
		return nil, err
	}
	ready, err := newReady(c.Half)
	if err != nil {
		return nil, err
	}
	r := &RPC{Ready: ready, conf: c, server: server, unavailable: func(error) bool { return false }}
	server.AddUnaryInterceptors(guard(proof), r.refusals)
	server.AddStreamInterceptors(noStream)
	return r, nil
}

// Unavailable says which errors of the half's store mean "not now": they are
// answered as errs.Unavailable. It must be called before Start.
func (r *RPC) Unavailable(is func(error) bool) { r.unavailable = is }

// Before adds a step that must succeed before the half listens and is
// registered, for example that its database answers and has its tables.
func (r *RPC) Before(f func(ctx context.Context) error) { r.before = append(r.before, f) }

// Beside adds a loop that runs until the half stops serving: then its context
// ends, and it is waited for, but not for long.
func (r *RPC) Beside(f func(ctx context.Context)) { r.beside = append(r.beside, f) }

// Start serves until the process ends. It panics with a clear error if a step
// of Before fails or the address cannot be listened on.
func (r *RPC) Start() {
	if err := free(r.conf.Name, r.conf.Listen); err != nil {
		panic(err)
	}
	ctx, stop := life()
	defer stop()
	defer r.Ready.serve()()
	for _, f := range r.before {
		if err := f(ctx); err != nil {
			if ctx.Err() != nil {
				return // told to stop while waiting
			}
			panic(err)
		}
	}
	work, end := context.WithCancel(context.WithoutCancel(ctx))
	loops := make(chan struct{})
	var running sync.WaitGroup
	for _, f := range r.beside {
		running.Go(func() { f(work) })
	}
	go func() { running.Wait(); close(loops) }()
	defer func() { // after the last request was answered
		end()
		select {
		case <-loops:
		case <-time.After(loopTime):
		}
	}()
	go announce(ctx, r.conf.Half)
	logx.Infof("%s listens on %s", r.conf.Name, r.conf.Listen)
	r.server.Start()
}

// Stop does nothing: servers end with the process, in the order Setup gives.
func (r *RPC) Stop() {}

// announce keeps the half registered until ctx ends.
func announce(ctx context.Context, h conf.Half) {
	c, err := registry.Client(h.Etcd)
	if err != nil {
		logx.Errorf("%s is not registered: %v", h.Name, err)
		return
	}
	addr, err := advertised(h)
	if err != nil {
		logx.Errorf("%s is not registered: %v", h.Name, err)
		return
	}
	registry.Register(ctx, c, h.Name, addr)
}

func internalProof(h conf.Half) (string, error) {
	secret, err := conf.Secret(h.DataDir, "internal.secret", h.InternalSecret)
	if err != nil {
		return "", err
	}
	return hex.EncodeToString(token.Key(secret, "rpc")), nil
}

// guard refuses callers that do not know the internal secret.
func guard(proof string) grpc.UnaryServerInterceptor {
	want := []byte(proof)
	return func(ctx context.Context, req any, info *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
		got := metadata.ValueFromIncomingContext(ctx, internalHeader)
		if len(got) != 1 || subtle.ConstantTimeCompare([]byte(got[0]), want) != 1 {
			return nil, errs.Unauthorized.GRPC()
		}
		return next(ctx, req)
	}
}

// noStream refuses streams: no service of ours has one, but gRPC's own health.
func noStream(any, grpc.ServerStream, *grpc.StreamServerInfo, grpc.StreamHandler) error {
	return errs.Unauthorized.GRPC()
}

// refusals turns the half's errors into gRPC ones, logs what is internal
// once, and keeps a panic from ending the process.
func (r *RPC) refusals(ctx context.Context, req any, info *grpc.UnaryServerInfo, next grpc.UnaryHandler) (resp any, err error) {
	defer func() {
		if p := recover(); p != nil {
			logx.WithContext(ctx).Errorf("%s: panic: %v\n%s", info.FullMethod, p, debug.Stack())
			resp, err = nil, errs.Internal.GRPC()
		}
	}()
	resp, err = next(ctx, req)
	if err == nil {
		return resp, nil
	}
	err = errs.FromGRPC(err) // from a half we called ourselves
	var e *errs.Error
	switch {
	case errors.As(err, &e):
	case r.unavailable(err):
		logx.WithContext(ctx).Errorf("%s: unavailable: %v", info.FullMethod, err)
		e = errs.Unavailable
	default:
		logx.WithContext(ctx).Errorf("%s: %v", info.FullMethod, err)
		e = errs.Internal
	}
	return nil, e.GRPC()
}

// Client returns a connection to the rpc half called key, for any half. It
// does not wait: until an instance is known calls answer errs.Unavailable.
// Calls go through also, the first of them first.
func Client(h conf.Half, key string, also ...grpc.UnaryClientInterceptor) (zrpc.Client, error) {
	etcd, err := registry.Client(h.Etcd)
	if err != nil {
		return nil, err
	}
	proof, err := internalProof(h)
	if err != nil {
		return nil, err
	}
	networks, err := registry.Networks(h.Networks)
	if err != nil {
		return nil, err
	}
	dialer := registry.Dialer(networks)
	c, err := zrpc.NewClient(zrpc.RpcClientConf{
		Target: registry.Scheme + ":///" + key, NonBlock: true, Timeout: rpcTimeout,
		// Duration would write requests into the log.
		Middlewares: zrpc.ClientMiddlewaresConf{Trace: true, Prometheus: true, Timeout: true},
	},
		zrpc.WithDialOption(grpc.WithContextDialer(func(ctx context.Context, addr string) (net.Conn, error) {
			return dialer.DialContext(ctx, "tcp", addr)
		})),
		zrpc.WithDialOption(grpc.WithResolvers(registry.Resolver(etcd))),
		zrpc.WithDialOption(grpc.WithDefaultServiceConfig(`{"loadBalancingConfig": [{"`+registry.Policy+`":{}}]}`)),
		zrpc.WithDialOption(grpc.WithChainUnaryInterceptor(also...)),
		zrpc.WithDialOption(grpc.WithConnectParams(grpc.ConnectParams{Backoff: redial, MinConnectTimeout: callTimeout})),
		zrpc.WithUnaryClientInterceptor(func(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn, call grpc.UnaryInvoker, opts ...grpc.CallOption) error {
			ctx = metadata.AppendToOutgoingContext(ctx, internalHeader, proof)
			return errs.FromGRPC(call(ctx, method, req, reply, cc, opts...))
		}))
	if err != nil {
		return nil, fmt.Errorf("client of %s: %w", key, err)
	}
	links.Store(link{h.Name, key}, c.Conn())
	return c, nil
}

const (
	// callTimeout bounds one call, and never outlives the caller's own deadline.
	callTimeout = 2 * time.Second
	rpcTimeout  = int64(callTimeout / time.Millisecond)
)

// redial is how soon an instance that did not answer is tried again: one that
// restarts is back within a second or two, and must not be waited for longer.
var redial = backoff.Config{BaseDelay: 100 * time.Millisecond, Multiplier: 1.6, Jitter: 0.2, MaxDelay: time.Second}

// link is a half and another one it calls.
type link struct{ from, to string }

// links are the connections of this process, by link.
var links sync.Map
