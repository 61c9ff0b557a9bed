package ws

import (
	"context"
	"slices"

	"github.com/zeromicro/go-zero/core/logx"

	"tudoIM/common/event"
	"tudoIM/common/wire"
)

const (
	// groupQueue bounds the events of one group that wait, groupsQueued those of
	// all groups.
	groupQueue   = 1024
	groupsQueued = 16384
	// renewTries is how often a group is asked for before one event: users may
	// come while it is.
	renewTries = 3
)

// heard takes what is for the members of a group off the bus. It does not
// block: when there is no room the members are told to sync.
func (r *rosters) heard(e *wire.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	g := r.by[e.Group]
	if g == nil {
		return
	}
	if len(g.queue) >= groupQueue || r.queued >= groupsQueued {
		g.lost = true
	} else {
		g.queue = append(g.queue, e)
		r.queued++
	}
	if !g.running {
		g.running = true
		go r.pass(g)
	}
}

// pass passes on what waits in g, in its order, until nothing does.
func (r *rosters) pass(g *roster) {
	for {
		r.mu.Lock()
		if len(g.queue) == 0 && g.lost && r.ctx.Err() == nil {
			g.lost = false
			users := g.users()
			r.mu.Unlock()
			logx.Errorf("ws: too many events of group %d, %d users are told to sync", g.group, len(users))
			r.hub.tellResync("too many events", users...)
			continue
		}
		if len(g.queue) == 0 || r.ctx.Err() != nil {
			r.queued -= len(g.queue)
			g.queue, g.running = nil, false
			r.mu.Unlock()
			return
		}
		e := g.queue[0]
		g.queue[0] = nil
		g.queue = g.queue[1:]
		r.queued--
		old := len(g.places) > 0 && e.GroupVer > g.ver()
		r.mu.Unlock()
		if !old || r.renew(g, e.GroupVer) {
			r.hub.broadcast(r.ctx, g, e)
		}
	}
}

// renew makes g at least as of ver. If that cannot be done nobody is told what
// was to be: the members are told to sync, and g is asked for until it is known.
func (r *rosters) renew(g *roster, ver uint64) bool {
	ctx, cancel := context.WithTimeout(r.ctx, learnWait)
	defer cancel()
	select {
	case r.slots <- struct{}{}:
		defer func() { <-r.slots }()
	case <-ctx.Done():
	}
	var err error
	for range renewTries {
		r.mu.Lock()
		users, now := g.users(), g.ver()
		r.mu.Unlock()
		if len(users) == 0 || now >= ver {
			return true
		}
		if now == 0 { // it is being asked for already, but some may have come since
			r.missed(g)
			return false
		}
		if _, err = r.learn(ctx, users, g.group); err != nil {
			break
		}
	}
	r.mu.Lock()
	users, now := g.users(), g.ver()
	if len(users) == 0 || now >= ver {
		r.mu.Unlock()
		return true
	}
	for _, p := range g.places {
		p.ver = 0
	}
	r.miss(users...)
	r.mu.Unlock()
	if r.ctx.Err() == nil {
		logx.Errorf("ws: who is in group %d is not known as of %d, %d users are told to sync: %v", g.group, ver, len(users), err)
		r.hub.tellResync("the group is not known", users...)
	}
	return false
}

// missed has those in g told to sync who are not to be already.
func (r *rosters) missed(g *roster) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for u := range g.places {
		if a := r.here[u]; a != nil && !a.late {
			r.miss(u)
		}
	}
}

// receiver is one user who gets an event of a group, with what of a message
// differs for each.
type receiver struct {
	user, unread uint64
	atMe         bool
}

// receivers returns who gets e, and moves the sender of a message on, who has
// read it.
func (r *rosters) receivers(g *roster, e *wire.Event) []receiver {
	m := e.Message
	if m != nil && m.SendUserId != 0 {
		r.read(m.SendUserId, e.Group, m.Seq)
	}
	gone := goneBy(e)
	r.mu.Lock()
	defer r.mu.Unlock()
	list := make([]receiver, 0, len(g.places))
	for u, p := range g.places {
		if e.MaxSeq != 0 && p.join >= e.MaxSeq || slices.Contains(gone, u) {
			continue
		}
		to := receiver{user: u}
		if m != nil && u != m.SendUserId {
			to.atMe = m.AtAll || slices.Contains(m.AtUserIds, u)
			if m.Seq > p.read {
				to.unread = m.Seq - p.read
			}
		}
		list = append(list, to)
	}
	return list
}

// broadcast tells all who are in g and here of e. What is the same for many is
// encoded once and shared by their queues.
func (h *Hub) broadcast(ctx context.Context, g *roster, e *wire.Event) {
	if e.Name == event.Message && e.Message == nil {
		logx.Errorf("ws: a message event for group %d has no message", g.group)
		return
	}
	list := h.rosters.receivers(g, e)
	if len(list) == 0 {
		return
	}
	text := func(*Session) []byte { return e.Data }
	if e.Name == event.Message {
		text = texts(e.Message, h.named(ctx, e.Message))
	}
	for _, to := range list {
		var tail []byte
		if e.Name == event.Message {
			tail = standing(to.unread, e.MaxSeq, to.atMe)
		}
		for _, s := range h.sessions(to.user) {
			if data := text(s); data != nil {
				s.share(e.Name, e.Ts, data, tail)
			}
		}
	}
}
