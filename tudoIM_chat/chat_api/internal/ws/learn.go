package ws

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"github.com/zeromicro/go-zero/core/logx"

	"tudoIM/common/event"
	"tudoIM/common/wire"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

const (
	// learnWait bounds asking for places and the hearing of their groups, of
	// learnAtOnce users; what failed is tried again every mendEvery.
	learnWait   = 2 * time.Second
	learnAtOnce = 200
	mendEvery   = time.Second
	// joinWait is how long a line waits for a group that a user has joined. After
	// one in vain it does without for joinPause.
	joinWait  = 500 * time.Millisecond
	joinPause = 2 * time.Second
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

// joinedData is what of groupJoined matters here.
type joinedData struct {
	Group struct {
		GroupID uint64 `json:"groupId"`
	} `json:"group"`
	Ver uint64 `json:"ver"`
}

// joined waits until the group that e tells user of is heard, but not for long:
// then it is done later, and the user's sockets are told to sync. All who are
// here and joined with user are asked for at once.
func (r *rosters) joined(ctx context.Context, user uint64, e *wire.Event) {
	var in joinedData
	if err := json.Unmarshal(e.Data, &in); err != nil || in.Group.GroupID == 0 {
		logx.Errorf("ws: an event says not which group %d has joined: %v", user, err)
		return
	}
	users, ok := r.unplaced(user, in, e.To)
	if !ok {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, joinWait)
	defer cancel()
	if _, err := r.learn(ctx, users, in.Group.GroupID); err != nil {
		logx.Errorf("ws: group %d is not heard yet for %d users: %v", in.Group.GroupID, len(users), err)
		r.mu.Lock()
		defer r.mu.Unlock()
		r.without = time.Now().Add(joinPause)
		r.miss(user)
	}
}

// unplaced returns those who joined as in says and are here, user among them,
// and whether there is anything to be asked now.
func (r *rosters) unplaced(user uint64, in joinedData, to []*wire.Receiver) (users []uint64, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if g := r.by[in.Group.GroupID]; g != nil && g.places[user] != nil && g.places[user].ver >= max(in.Ver, 1) {
		return nil, false
	}
	if time.Now().Before(r.without) {
		r.miss(user)
		return nil, false
	}
	for _, t := range to {
		if r.here[t.UserId] != nil {
			users = append(users, t.UserId)
		}
	}
	return users, slices.Contains(users, user)
}
