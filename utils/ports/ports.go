// Package ports gives out ports of this machine that nobody else takes.
package ports

import (
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
	"sync"
)

// The ports lie below the range from which the system takes the near end of
// outgoing connections (32768 and up on Linux, 49152 elsewhere), one of which
// could take a port between choice and use, or while a server that was killed
// is away. They come in blocks; a process has those whose first port it listens
// on, so that no two choose the same.
const (
	lowest  = 21000
	highest = 32000
	block   = 50
)

var taken struct {
	sync.Mutex
	blocks []net.Listener // kept open until the process ends
	next   int            // of the last block
}

// Take returns a port of 127.0.0.1 that nobody listens on, and that this
// package gives to nobody else while this process lives.
func Take() (int, error) {
	taken.Lock()
	defer taken.Unlock()
	for {
		if taken.next%block == 0 {
			if err := takeBlock(); err != nil {
				return 0, err
			}
		}
		port := taken.next
		taken.next++
		if l, err := net.Listen("tcp", Address(port)); err == nil {
			return port, l.Close()
		}
	}
}

// takeBlock takes a block that no process has.
func takeBlock() error {
	const blocks = (highest - lowest) / block
	begin := rand.IntN(blocks) // #nosec G404 -- only to keep processes from trying the same ones
	for n := range blocks {
		first := lowest + (begin+n)%blocks*block
		l, err := net.Listen("tcp", Address(first))
		if err != nil {
			continue
		}
		taken.blocks = append(taken.blocks, l)
		taken.next = first + 1
		return nil
	}
	return fmt.Errorf("no port of 127.0.0.1 is free between %d and %d", lowest, highest)
}

// Address returns the address of a port of 127.0.0.1.
func Address(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }

// Loopback returns the addresses of n ports, each as Take returns one.
func Loopback(n int) ([]string, error) {
	addrs := make([]string, n)
	for i := range addrs {
		port, err := Take()
		if err != nil {
			return nil, err
		}
		addrs[i] = Address(port)
	}
	return addrs, nil
}
