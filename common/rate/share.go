package rate

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"github.com/zeromicro/go-zero/core/logx"

	"tudoIM/common/event"
	"tudoIM/common/wire"
	"tudoIM/utils/rand"
)

const (
	// tellEvery is how late others hear of what was done here.
	tellEvery = 500 * time.Millisecond
	// perTelling bounds the keys of one telling.
	perTelling = 4096
)

// telling is what a process has let through: for each limiter, by name, how
// much of which key.
type telling struct {
	Node string `json:"node"`
	// N rises with each telling of a node.
	N    uint64             `json:"n"`
	Done map[string][]tally `json:"done"`
}

// tally is how much of a key.
type tally struct {
	Key uint64 `json:"k"`
	N   int64  `json:"n"`
}

// Share makes limiters know of what processes with limiters of the same names
// let through, and those of this one; it returns when ctx ends. While the bus
// is away each counts for itself.
func Share(ctx context.Context, bus *event.Bus, limiters ...*Limiter) {
	byName := map[string]*Limiter{}
	for _, l := range limiters {
		byName[l.name] = l
	}
	node := rand.Hex(8)
	ears := &ears{node: node, byName: byName, last: map[string]uint64{}}
	bus.Subscribe(ctx, func(_ string, e *wire.Event) { ears.hear(e) }, func() {}, event.Rates)
	tick := time.NewTicker(tellEvery)
	defer tick.Stop()
	quiet := false // since the bus is away: said once
	var told uint64
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		events, err := tellings(node, &told, limiters)
		if err == nil && len(events) == 0 {
			continue
		}
		if err == nil {
			err = bus.Publish(ctx, events...)
		}
		if err != nil && !quiet && ctx.Err() == nil {
			logx.Errorf("rates: others do not hear of ours: %v", err)
		}
		quiet = err != nil
	}
}

// tellings are the events that tell what was not told yet.
func tellings(node string, told *uint64, limiters []*Limiter) ([]*wire.Event, error) {
	var events []*wire.Event
	for _, l := range limiters {
		done := l.untold()
		for keys := range slices.Chunk(slices.Collect(maps.Keys(done)), perTelling) {
			list := make([]tally, len(keys))
			for i, k := range keys {
				list[i] = tally{k, done[k]}
			}
			*told++
			e, err := event.New(event.RatesTold, telling{node, *told, map[string][]tally{l.name: list}})
			if err != nil {
				return nil, err
			}
			events = append(events, e)
		}
	}
	return events, nil
}

// maxNodes bounds the processes a process remembers; those that are gone are
// never heard again.
const maxNodes = 4096

// ears hear the tellings of others. Only the reader of the bus uses them.
type ears struct {
	node   string // the own one
	byName map[string]*Limiter
	last   map[string]uint64 // telling of each node
}

// hear charges what another process has let through, once: a telling may be
// said twice when Redis was slow to answer, or by who replays what he has read.
func (h *ears) hear(e *wire.Event) {
	var t telling
	if json.Unmarshal(e.Data, &t) != nil || t.Node == h.node || t.N <= h.last[t.Node] {
		return // what was signed and is no telling comes from another version
	}
	if len(h.last) >= maxNodes {
		clear(h.last)
	}
	h.last[t.Node] = t.N
	for name, list := range t.Done {
		if l := h.byName[name]; l != nil {
			for _, x := range list {
				l.charge(x.Key, x.N)
			}
		}
	}
}
