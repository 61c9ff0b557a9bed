package proxy

import (
	"net"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// skipTime is how long an address that could not be connected to comes last.
const skipTime = 3 * time.Second

// pool is the instances of one service, used in turn.
type pool struct {
	key   string
	addrs func() []string
	next  atomic.Uint32

	mu      sync.Mutex
	skipped map[string]time.Time
}

func newPool(key string, addrs func() []string) *pool {
	return &pool{key: key, addrs: addrs, skipped: map[string]time.Time{}}
}

// pick returns the address whose turn it is, other than tried, or "". One that
// is skipped is returned only when there is no other.
func (p *pool) pick(tried string) string {
	var room [8]string // so that the usual few need no memory
	fit, last := room[:0], ""
	for _, addr := range p.addrs() {
		switch {
		case addr == tried || !wellFormed(addr):
		case p.isSkipped(addr):
			last = addr
		default:
			fit = append(fit, addr)
		}
	}
	if len(fit) == 0 {
		return last
	}
	return fit[p.next.Add(1)%uint32(len(fit))] // #nosec G115 -- a list of addresses is short
}

func (p *pool) isSkipped(addr string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.skipped) == 0 {
		return false
	}
	end, ok := p.skipped[addr]
	if ok && time.Now().After(end) {
		delete(p.skipped, addr)
		return false
	}
	return ok
}

func (p *pool) skip(addr string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	known := p.addrs()
	for a := range p.skipped { // of instances that are gone nobody asks again
		if !slices.Contains(known, a) {
			delete(p.skipped, a)
		}
	}
	p.skipped[addr] = time.Now().Add(skipTime)
}

// wellFormed reports whether addr, which came from etcd, is host:port.
func wellFormed(addr string) bool {
	if len(addr) > 255 {
		return false
	}
	host, port, err := net.SplitHostPort(addr)
	if err != nil || host == "" {
		return false
	}
	n, err := strconv.ParseUint(port, 10, 16)
	return err == nil && n > 0
}
