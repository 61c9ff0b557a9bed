package registry

import (
	"context"
	"hash/fnv"
	"slices"
	"sync/atomic"

	"google.golang.org/grpc/balancer"
	"google.golang.org/grpc/balancer/base"
)

// Lanes is how many streams of calls keep their order; see WithLane.
const Lanes = 8

// Policy is the name of the load balancing policy of this package's clients:
// calls of a lane go to one instance, others to each in turn.
const Policy = "tudo"

func init() {
	balancer.Register(base.NewBalancerBuilder(Policy, pickers{}, base.Config{}))
}

type laneKey struct{}

// WithLane makes a call go to the instance that serves lane, which must be
// below Lanes. Every client of every process gives a lane to the same
// instance, as long as they see the same instances; so what must be in order
// is not done by two of them at once.
func WithLane(ctx context.Context, lane int) context.Context {
	return context.WithValue(ctx, laneKey{}, lane)
}

// Lane returns the lane of what two numbers name, the lower one first.
func Lane(low, high uint64) int {
	x := (low*0x9e3779b97f4a7c15 + high) * 0xbf58476d1ce4e5b9 // Fibonacci hashing: the high bits are mixed
	return int((x >> 32) % Lanes)                             // #nosec G115 -- below Lanes
}

type pickers struct{}

// Build implements base.PickerBuilder.
func (pickers) Build(info base.PickerBuildInfo) balancer.Picker {
	if len(info.ReadySCs) == 0 {
		return base.NewErrPicker(balancer.ErrNoSubConnAvailable)
	}
	p := &picker{}
	conns := make(map[string]balancer.SubConn, len(info.ReadySCs))
	addrs := make([]string, 0, len(info.ReadySCs))
	for sc, i := range info.ReadySCs {
		conns[i.Address.Addr] = sc
		addrs = append(addrs, i.Address.Addr)
		p.all = append(p.all, sc)
	}
	for lane, addr := range assign(addrs) {
		p.lanes[lane] = conns[addr]
	}
	return p
}

// assign gives every lane an address: the one with the highest hash of lane
// and address, so that few lanes move when an instance comes or goes, among
// those that do not have their share yet.
func assign(addrs []string) (lanes [Lanes]string) {
	slices.Sort(addrs)
	share := (Lanes + len(addrs) - 1) / len(addrs)
	given := make(map[string]int, len(addrs))
	for lane := range lanes {
		best := uint64(0)
		for _, addr := range addrs {
			if score := score(lane, addr); given[addr] < share && (lanes[lane] == "" || score > best) {
				lanes[lane], best = addr, score
			}
		}
		given[lanes[lane]]++
	}
	return lanes
}

func score(lane int, addr string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte{byte(lane)}) // #nosec G115 -- below Lanes
	_, _ = h.Write([]byte(addr))
	x := h.Sum64() // whose high bits the last bytes hardly reach
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd // the finaliser of MurmurHash3
	return x ^ x>>33
}

type picker struct {
	lanes [Lanes]balancer.SubConn
	all   []balancer.SubConn
	next  atomic.Uint32
}

// Pick implements balancer.Picker.
func (p *picker) Pick(info balancer.PickInfo) (balancer.PickResult, error) {
	if lane, ok := info.Ctx.Value(laneKey{}).(int); ok {
		return balancer.PickResult{SubConn: p.lanes[lane]}, nil
	}
	n := p.next.Add(1) % uint32(len(p.all)) // #nosec G115 -- a list of addresses is short
	return balancer.PickResult{SubConn: p.all[n]}, nil
}
