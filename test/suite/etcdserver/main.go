// Command etcdserver is an etcd of one member, durable, for tests that need
// one as a process of its own: the etcd that distributions carry is too old.
package main

import (
	"flag"
	"fmt"
	"net/url"
	"os"
	"os/signal"
	"syscall"

	"go.etcd.io/etcd/server/v3/embed"
)

func main() {
	dir := flag.String("data", "", "data directory")
	client := flag.String("client", "", "host:port for clients")
	peer := flag.String("peer", "", "host:port for peers")
	flag.Parse()
	if err := run(*dir, *client, *peer); err != nil {
		fmt.Fprintln(os.Stderr, "etcdserver:", err)
		os.Exit(1)
	}
}

func run(dir, client, peer string) error {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt, syscall.SIGTERM)

	c := embed.NewConfig()
	c.Dir = dir
	c.ListenClientUrls = []url.URL{{Scheme: "http", Host: client}}
	c.AdvertiseClientUrls = c.ListenClientUrls
	c.ListenPeerUrls = []url.URL{{Scheme: "http", Host: peer}}
	c.AdvertisePeerUrls = c.ListenPeerUrls
	c.InitialCluster = c.InitialClusterFromName(c.Name)
	c.LogLevel = "warn"
	// One member elects itself: there is nothing to wait for.
	c.TickMs = 10
	c.ElectionMs = 100
	e, err := embed.StartEtcd(c)
	if err != nil {
		return err
	}
	select {
	case err = <-e.Err():
	case <-stop:
	}
	e.Close()
	return err
}
