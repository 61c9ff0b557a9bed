package embedded

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"sync"
	"time"

	"go.etcd.io/etcd/server/v3/embed"
)

// etcdReady is how long an etcd may take to start.
const etcdReady = 20 * time.Second

// Etcd is an etcd of one member on a port of 127.0.0.1.
type Etcd struct {
	server *embed.Etcd
	addr   string
	stop   sync.Once
	gone   chan struct{}
}

// StartEtcd returns a server that answers already. What dir holds is deleted.
func StartEtcd(dir string) (*Etcd, error) {
	var err error
	for range 3 { // another process may take the port between choice and use
		var e *Etcd
		if e, err = startEtcd(dir); err == nil {
			return e, nil
		}
	}
	return nil, fmt.Errorf("etcd: %w", err)
}

func startEtcd(dir string) (*Etcd, error) {
	// It holds leases and registrations only. They live no longer than this
	// process, so there is nothing to keep and no reason to wait for the disk.
	if err := os.RemoveAll(dir); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	server, err := embed.StartEtcd(etcdConfig(dir, addr))
	if err != nil {
		return nil, err
	}
	e := &Etcd{server: server, addr: addr, gone: make(chan struct{})}
	select {
	case <-server.Server.ReadyNotify():
		return e, nil
	case err = <-server.Err():
	case <-time.After(etcdReady):
		err = errors.New("not ready in time")
	}
	e.Close(etcdReady)
	return nil, err
}

func etcdConfig(dir, addr string) *embed.Config {
	client := url.URL{Scheme: "http", Host: addr}
	c := embed.NewConfig()
	c.Dir = dir
	c.UnsafeNoFsync = true
	c.ListenClientUrls = []url.URL{client}
	// Clients ask for this address and move to it, so it must be the real one.
	c.AdvertiseClientUrls = []url.URL{client}
	// One member has no peers. The name of the cluster needs an address, but
	// nobody listens there.
	c.ListenPeerUrls = nil
	c.InitialCluster = c.InitialClusterFromName(c.Name)
	c.EnableGRPCGateway = false
	c.TickMs = 10
	c.ElectionMs = 100
	// Stopping is logged as a failure to serve; what matters comes as an error.
	c.LogLevel = "fatal"
	return c
}

// freeAddr returns an address of 127.0.0.1 that was free a moment ago.
func freeAddr() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer func() { _ = l.Close() }() // it only held the port
	return l.Addr().String(), nil
}

// Addr is the host and port clients connect to.
func (e *Etcd) Addr() string {
	return e.addr
}

// Close stops the server. With watchers still connected that can take seconds:
// Close returns after timeout at the latest, and the rest ends by itself. It
// reports whether the server has stopped.
func (e *Etcd) Close(timeout time.Duration) bool {
	e.stop.Do(func() {
		go func() {
			defer close(e.gone)
			e.server.Close()
		}()
	})
	select {
	case <-e.gone:
		return true
	case <-time.After(timeout):
		return false
	}
}
