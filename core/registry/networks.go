package registry

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"syscall"
	"time"
)

// dialTime bounds the connecting to an instance.
const dialTime = time.Second

// errOutside is why an address that etcd gives is not connected to.
var errOutside = errors.New("the address is outside of TUDO_NETWORKS")

// Networks reads a comma separated list of networks, of which there must be one.
func Networks(list string) ([]netip.Prefix, error) {
	var all []netip.Prefix
	for part := range strings.SplitSeq(list, ",") {
		n, err := netip.ParsePrefix(strings.TrimSpace(part))
		if err != nil {
			return nil, fmt.Errorf("networks: %w", err)
		}
		all = append(all, n.Masked())
	}
	return all, nil
}

// Within reports whether ip is in one of networks.
func Within(ip netip.Addr, networks []netip.Prefix) bool {
	ip = ip.Unmap()
	return slices.ContainsFunc(networks, func(n netip.Prefix) bool { return n.Contains(ip) })
}

// Dialer connects to instances, but only inside of networks, whatever name or
// address etcd gives.
func Dialer(networks []netip.Prefix) *net.Dialer {
	return &net.Dialer{
		Timeout:         dialTime,
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 15 * time.Second, Interval: 5 * time.Second, Count: 3},
		Control: func(_, address string, _ syscall.RawConn) error {
			at, err := netip.ParseAddrPort(address)
			if err != nil {
				return err
			}
			if !Within(at.Addr(), networks) {
				return errOutside
			}
			return nil
		},
	}
}
