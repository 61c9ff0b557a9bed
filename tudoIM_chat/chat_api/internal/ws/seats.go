package ws

import (
	"math"

	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// read says that user has read the group up to seq.
func (r *rosters) read(user, group, seq uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if g := r.by[group]; g != nil && g.places[user] != nil {
		g.places[user].read = max(g.places[user].read, seq)
	}
	r.note(seat{group, user}, news{read: seq})
}

// left says that user is not in the group any more, since ver.
func (r *rosters) left(user, group, ver uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if g := r.by[group]; g != nil && g.places[user] != nil && g.places[user].ver < ver {
		r.drop(g, user) // and has not come back since
	}
	r.note(seat{group, user}, news{left: ver})
}

// note keeps n for the questions under way. It is for who has the lock.
func (r *rosters) note(s seat, n news) {
	for q := range r.asking {
		if q.users[s.user] {
			q.news[s] = news{max(q.news[s].read, n.read), max(q.news[s].left, n.left)}
		}
	}
}

// take makes the answer list to q what is known, where there are rosters for
// it; those of groups that it leaves out are dissolved. It returns who has a
// new place, and is for who has the lock.
func (r *rosters) take(q *question, list []*group_rpc.Roster, groups ...uint64) (placed map[uint64]bool) {
	placed = map[uint64]bool{}
	missing := set(groups)
	for _, a := range list {
		delete(missing, a.GroupId)
		in := make(map[uint64]bool, len(a.Members))
		for _, p := range a.Members {
			in[p.UserId] = true
			if r.seat(q, a.GroupId, p.UserId, a.Ver, p) {
				placed[p.UserId] = true
			}
		}
		r.unseat(q, a.GroupId, a.Ver, in)
	}
	for group := range missing {
		r.unseat(q, group, math.MaxUint64, nil)
	}
	return placed
}

// unseat takes the places in the group away from those whom q asked for and who
// are not in it as of ver.
func (r *rosters) unseat(q *question, group, ver uint64, in map[uint64]bool) {
	if g := r.by[group]; g != nil {
		for _, u := range g.users() {
			if q.users[u] && !in[u] {
				r.seat(q, group, u, ver, nil)
			}
		}
	}
}

// seat gives user the place p in the group as of ver, none if p is nil, unless
// something newer is known. It reports whether user had none before.
func (r *rosters) seat(q *question, group, user, ver uint64, p *group_rpc.Place) (placed bool) {
	g, known := r.by[group], q.news[seat{group, user}]
	if g == nil || r.here[user] == nil || ver < known.left {
		return false
	}
	old := g.places[user]
	switch {
	case old != nil && ver < old.ver:
		return false
	case p == nil && old != nil:
		r.drop(g, user)
		return false
	case p == nil:
		return false
	}
	now := &place{join: p.JoinSeq, read: max(p.ReadSeq, known.read), ver: ver}
	if old != nil {
		now.read = max(now.read, old.read)
	}
	if old == nil || old.ver != ver {
		r.hub.forgetTypist(group, user)
	}
	g.places[user] = now
	if r.of[user] == nil {
		r.of[user] = map[uint64]bool{}
	}
	r.of[user][group] = true
	return old == nil
}
