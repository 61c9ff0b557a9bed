package ws

import (
	"context"
	"maps"
	"slices"

	"github.com/zeromicro/go-zero/core/logx"

	"tudoIM/common/event"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// hold keeps the groups of list in which somebody is, and returns those that
// were not heard when q began.
func (r *rosters) hold(ctx context.Context, q *question, list []*group_rpc.Roster) (fresh []uint64, err error) {
	for _, a := range list {
		if len(a.Members) == 0 {
			continue
		}
		g, err := r.roster(ctx, a.GroupId)
		if err != nil {
			return nil, err
		}
		q.holds = append(q.holds, g)
		r.mu.Lock()
		if g.heard == 0 || g.heard > q.since {
			fresh = append(fresh, a.GroupId)
		}
		r.mu.Unlock()
	}
	return fresh, nil
}

// roster returns the roster of group, a new one if there is none, with one need
// more. It waits until a channel that is being left is left.
func (r *rosters) roster(ctx context.Context, group uint64) (*roster, error) {
	for {
		r.mu.Lock()
		ending := r.ending[group]
		if ending == nil {
			defer r.mu.Unlock()
			g := r.by[group]
			if g == nil {
				g = &roster{group: group, places: map[uint64]*place{}}
				r.by[group] = g
			}
			g.needs++
			return g, nil
		}
		r.mu.Unlock()
		select {
		case <-ending:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// hear waits until groups are heard.
func (r *rosters) hear(ctx context.Context, groups []uint64) error {
	r.mu.Lock()
	groups = slices.DeleteFunc(slices.Clone(groups), func(g uint64) bool { return r.by[g] == nil || r.by[g].heard != 0 })
	r.mu.Unlock()
	if err := r.sub.Add(ctx, groupChannels(groups)...); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.hearings++
	for _, id := range groups {
		if g := r.by[id]; g != nil && g.heard == 0 {
			g.heard = r.hearings
		}
	}
	return nil
}

func groupChannels(groups []uint64) []string {
	names := make([]string, len(groups))
	for i, g := range groups {
		names[i] = event.GroupChannel(g)
	}
	return names
}

// unhear leaves channels that nobody needs until ctx ends. Who needs one of them
// again waits for that: else the new hearing would be undone.
func (r *rosters) unhear(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.ended:
		}
		r.mu.Lock()
		groups := slices.Collect(maps.Keys(r.ending))
		r.mu.Unlock()
		wait, cancel := context.WithTimeout(ctx, subscribeWait)
		err := r.sub.Remove(wait, groupChannels(groups)...)
		cancel()
		if err != nil && ctx.Err() == nil {
			logx.Errorf("ws: %d groups are still heard on the bus: %v", len(groups), err)
		}
		r.mu.Lock()
		for _, g := range groups {
			close(r.ending[g])
			delete(r.ending, g)
		}
		r.mu.Unlock()
	}
}
