package ws

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/zeromicro/go-zero/core/logx"

	"tudoIM/common/event"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

const (
	// learnWait bounds asking for places and the hearing of their groups, of
	// learnAtOnce users; what failed is tried again every mendEvery.
	learnWait   = 2 * time.Second
	learnAtOnce = 200
	mendEvery   = time.Second
	// perRoster is the most users group_rpc answers about at once.
	perRoster = 1000
)

// run asks for the groups of who is due until ctx ends.
func (r *rosters) run(ctx context.Context) {
	t := time.NewTicker(mendEvery)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		case <-r.wake:
		}
		r.mu.Lock()
		due := slices.Collect(maps.Keys(r.due))
		clear(r.due)
		r.mu.Unlock()
		for len(due) > 0 {
			n := min(len(due), learnAtOnce)
			if err := r.meet(ctx, due[:n]); err != nil {
				if ctx.Err() == nil {
					logx.Errorf("ws: the groups of %d users are not known yet: %v", len(due), err)
				}
				r.mu.Lock()
				for _, u := range due { // not again: that would wake us at once
					if a := r.here[u]; a != nil {
						a.late, r.due[u] = true, true
					}
				}
				r.mu.Unlock()
				break
			}
			due = due[n:]
		}
	}
}

// meet asks for the groups of users, and has those told to sync who may have
// missed something.
func (r *rosters) meet(ctx context.Context, users []uint64) error {
	ctx, cancel := context.WithTimeout(ctx, learnWait)
	defer cancel()
	if err := r.undeafen(ctx, users); err != nil {
		return err
	}
	placed, err := r.learn(ctx, users)
	if err != nil {
		return err
	}
	r.mu.Lock()
	var missed []uint64
	for _, u := range users {
		a := r.here[u]
		if a == nil {
			continue
		}
		select {
		case <-a.done:
			a.late = a.late || placed[u] // in a group that was not heard
		default:
			close(a.done)
		}
		if a.late && !r.due[u] {
			a.late = false
			missed = append(missed, u)
		}
	}
	r.mu.Unlock()
	r.hub.tellResync("groups were not heard", missed...)
	return nil
}

// undeafen hears the own channels of those of users who may not be heard.
func (r *rosters) undeafen(ctx context.Context, users []uint64) error {
	r.mu.Lock()
	users = slices.DeleteFunc(slices.Clone(users), func(u uint64) bool { return r.here[u] == nil || !r.here[u].deaf })
	r.mu.Unlock()
	names := make([]string, len(users))
	for i, u := range users {
		names[i] = event.UserChannel(u)
	}
	if err := r.sub.Add(ctx, names...); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, u := range users {
		if a := r.here[u]; a != nil {
			a.deaf = false
		}
	}
	return nil
}

// learn asks for the places of users in groups, or in all that they are in, and
// returns who has new ones. It hears these groups first and then reads what
// it takes for true, so nothing that is said from then on is missed.
func (r *rosters) learn(ctx context.Context, users []uint64, groups ...uint64) (placed map[uint64]bool, err error) {
	q := r.begin(users)
	defer r.over(q)
	list, err := r.ask(ctx, users, groups)
	if err != nil {
		return nil, err
	}
	fresh, err := r.hold(ctx, q, list)
	if err != nil {
		return nil, err
	}
	if len(fresh) > 0 {
		if err := r.hear(ctx, fresh); err != nil {
			return nil, err
		}
		newer, err := r.ask(ctx, users, groups)
		if err != nil {
			return nil, err
		}
		// Not the groups that only the newer answer has: they may not be heard.
		held := set(idsOf(list))
		list = slices.DeleteFunc(newer, func(a *group_rpc.Roster) bool { return !held[a.GroupId] })
	}
	var gone []*group_rpc.Roster
	silent := groups
	if len(groups) == 0 { // who is in a group no more is not in the answer
		if silent = r.silent(users, list); len(silent) > 0 {
			if gone, err = r.ask(ctx, users, silent); err != nil {
				return nil, err
			}
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.take(q, append(list, gone...), silent...), nil
}

func idsOf(list []*group_rpc.Roster) []uint64 {
	ids := make([]uint64, len(list))
	for n, a := range list {
		ids[n] = a.GroupId
	}
	return ids
}

func (r *rosters) begin(users []uint64) *question {
	r.mu.Lock()
	defer r.mu.Unlock()
	q := &question{users: set(users), since: r.hearings, news: map[seat]news{}}
	r.asking[q] = true
	return q
}

// over ends q: what it held and nobody needs is left.
func (r *rosters) over(q *question) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.asking, q)
	for _, g := range q.holds {
		g.needs--
		r.leaveIdle(g)
	}
}

// ask asks group_rpc for the places of users in groups, or in all.
func (r *rosters) ask(ctx context.Context, users, groups []uint64) (list []*group_rpc.Roster, err error) {
	parts := map[uint64]*group_rpc.Roster{}
	for some := range slices.Chunk(users, perRoster) {
		in := &group_rpc.PlacesRequest{UserIds: some, GroupIds: groups}
		for {
			resp, err := r.groups.Places(ctx, in)
			if err != nil {
				return nil, err
			}
			for _, a := range resp.List {
				if p := parts[a.GroupId]; p != nil {
					p.Ver, p.Members = min(p.Ver, a.Ver), append(p.Members, a.Members...)
					continue
				}
				parts[a.GroupId] = a
				list = append(list, a)
			}
			if resp.Next == 0 {
				break
			}
			in.After = resp.Next
		}
	}
	return list, nil
}

// silent are the groups in which some of users have places, of which list does
// not say so.
func (r *rosters) silent(users []uint64, list []*group_rpc.Roster) (groups []uint64) {
	said := map[seat]bool{}
	for _, a := range list {
		for _, p := range a.Members {
			said[seat{a.GroupId, p.UserId}] = true
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, u := range users {
		for g := range r.of[u] {
			if !said[seat{g, u}] {
				groups = append(groups, g)
			}
		}
	}
	return groups
}
