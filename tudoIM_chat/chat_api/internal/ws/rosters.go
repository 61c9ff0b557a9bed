package ws

import (
	"context"
	"maps"
	"math"
	"slices"
	"sync"
	"time"

	"tudoIM/common/event"
	"tudoIM/common/wire"
	"tudoIM/tudoIM_group/group_rpc/groups"
)

// rosters knows of each group that users connected to this node are in who of
// them are, and how far each has read. What is said in a group comes to the
// node once, and with the version of the group: a roster of that version or of
// a later one says for whom it is. It costs by the users who are here, not by
// the members.
type rosters struct {
	hub    *Hub
	groups groups.Groups
	ctx    context.Context
	sub    *event.Subscription
	wake   chan struct{} // somebody is due
	ended  chan struct{} // a channel is to be left
	slots  chan struct{} // of groups that are asked for anew

	mu sync.Mutex
	by map[uint64]*roster         // by group
	of map[uint64]map[uint64]bool // the groups in which a user has a place
	// here are the users who have sockets, due those of them whose groups are to
	// be asked for.
	here map[uint64]*arrival
	due  map[uint64]bool
	// ending are channels that are being left, until they are.
	ending map[uint64]chan struct{}
	// asking are the questions under way.
	asking map[*question]bool
	// hearings counts what was subscribed, queued the events that wait in all
	// groups.
	hearings uint64
	queued   int
	// without is until when a line does not wait for a group that was joined.
	without time.Time
}

// roster is a group with those of its members who are here.
type roster struct {
	group  uint64
	places map[uint64]*place
	// heard is since which hearing its channel is heard; 0 is not yet.
	heard uint64
	// needs is how many questions hold it, though it may have no places.
	needs int
	// queue are the events that wait, lost says that some did not fit, and
	// running that somebody passes them on.
	queue   []*wire.Event
	lost    bool
	running bool
}

// place is what one user gets to see of a group, which is what comes after join,
// and has read, as of a version of the group; 0 is unknown.
type place struct{ join, read, ver uint64 }

// arrival is a user who has sockets here.
type arrival struct {
	done chan struct{} // closed when the groups are known
	// late says that some socket may have missed something, for it did not wait
	// or it failed, and deaf that the user's own channel may not be heard.
	late, deaf bool
}

// question is one that is under way, with what the bus says meanwhile: the
// answer may be older.
type question struct {
	users map[uint64]bool
	since uint64 // the last hearing before it
	holds []*roster
	news  map[seat]news
}

// seat is a user in a group, news what the bus says of it: how far was read,
// and the version in which the user left.
type (
	seat struct{ group, user uint64 }
	news struct{ read, left uint64 }
)

func newRosters(ctx context.Context, h *Hub, g groups.Groups) *rosters {
	return &rosters{
		hub: h, groups: g, ctx: ctx, wake: make(chan struct{}, 1), ended: make(chan struct{}, 1), slots: make(chan struct{}, askAtOnce),
		by: map[uint64]*roster{}, of: map[uint64]map[uint64]bool{}, here: map[uint64]*arrival{}, due: map[uint64]bool{},
		ending: map[uint64]chan struct{}{}, asking: map[*question]bool{},
	}
}

// come waits until the groups of user are known and heard, but not for long.
// deaf says that the user's own channel may not be heard yet.
func (r *rosters) come(user uint64, deaf bool) {
	r.mu.Lock()
	a := r.here[user]
	if a == nil {
		a = &arrival{done: make(chan struct{})}
		r.here[user] = a
		r.again(user)
	}
	if deaf {
		a.deaf, a.late = true, true
		r.again(user)
	}
	r.mu.Unlock()
	t := time.NewTimer(subscribeWait)
	defer t.Stop()
	select {
	case <-a.done:
	case <-r.ctx.Done():
	case <-t.C:
		r.mu.Lock()
		defer r.mu.Unlock()
		a.late = true // of no consequence if they are known just now
	}
}

// leave forgets user, unless there is a new socket.
func (r *rosters) leave(user uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.hub.sessions(user)) > 0 {
		return
	}
	delete(r.here, user)
	delete(r.due, user)
	for group := range r.of[user] {
		r.drop(r.by[group], user)
	}
}

// again has the groups of users asked for. It is for who has the lock.
func (r *rosters) again(users ...uint64) {
	for _, u := range users {
		if r.here[u] != nil {
			r.due[u] = true
		}
	}
	signal(r.wake)
}

// doubt has the groups of user asked for: something may have been missed. deaf
// says that the user's own channel may not be heard yet.
func (r *rosters) doubt(user uint64, deaf bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if a := r.here[user]; a != nil && deaf {
		a.deaf, a.late = true, true
	}
	r.again(user)
}

// doubtAll is doubt for all users.
func (r *rosters) doubtAll() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.again(slices.Collect(maps.Keys(r.here))...)
}

// miss has the groups of users asked for until it succeeds, and their sockets
// told to sync then. It is for who has the lock.
func (r *rosters) miss(users ...uint64) {
	for _, u := range users {
		if a := r.here[u]; a != nil {
			a.late = true
		}
	}
	r.again(users...)
}

// ver is the version that all places are at least as of; 0 if some are unknown
// or there are none.
func (g *roster) ver() uint64 {
	if len(g.places) == 0 {
		return 0
	}
	least := uint64(math.MaxUint64)
	for _, p := range g.places {
		least = min(least, p.ver)
	}
	return least
}

// users are those who have a place.
func (g *roster) users() []uint64 { return slices.Collect(maps.Keys(g.places)) }

// drop takes user's place in g away. It is for who has the lock.
func (r *rosters) drop(g *roster, user uint64) {
	delete(g.places, user)
	delete(r.of[user], g.group)
	if len(r.of[user]) == 0 {
		delete(r.of, user)
	}
	r.hub.forgetTypist(g.group, user)
	r.leaveIdle(g)
}

// leaveIdle leaves the channel of g if nobody needs it. It is for who has the
// lock.
func (r *rosters) leaveIdle(g *roster) {
	if len(g.places) > 0 || g.needs > 0 || r.by[g.group] != g {
		return
	}
	delete(r.by, g.group)
	r.ending[g.group] = make(chan struct{})
	signal(r.ended)
}
