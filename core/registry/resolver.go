package registry

import (
	"errors"
	"sync/atomic"

	"google.golang.org/grpc/resolver"

	clientv3 "go.etcd.io/etcd/client/v3"
)

// Scheme of the gRPC targets this package resolves: tudo:///<etcd key>.
const Scheme = "tudo"

// Resolver resolves gRPC targets through c's etcd. Building it never fails
// because etcd is away; calls answer Unavailable until an instance is known.
func Resolver(c *clientv3.Client) resolver.Builder {
	return builder{c}
}

type builder struct{ c *clientv3.Client }

func (b builder) Scheme() string { return Scheme }

func (b builder) Build(target resolver.Target, cc resolver.ClientConn, _ resolver.BuildOptions) (resolver.Resolver, error) {
	key := target.Endpoint()
	var done closed
	Watch(b.c, key).Subscribe(func(addrs []string) {
		if done.Load() {
			return
		}
		if len(addrs) == 0 {
			cc.ReportError(errors.New("no instance of " + key + " is registered"))
			return
		}
		state := resolver.State{}
		for _, a := range addrs {
			state.Addresses = append(state.Addresses, resolver.Address{Addr: a})
		}
		_ = cc.UpdateState(state) // an error means the balancer wants another list; the next change brings it
	})
	return &done, nil
}

// closed is the resolver of one connection: all it has to know is its end.
type closed struct{ atomic.Bool }

func (c *closed) ResolveNow(resolver.ResolveNowOptions) {}
func (c *closed) Close()                                { c.Store(true) }
