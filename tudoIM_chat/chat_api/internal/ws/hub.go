package ws

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
	"github.com/hashicorp/golang-lru/v2/expirable"
	"github.com/redis/go-redis/v9"
	"github.com/zeromicro/go-zero/core/logx"

	"tudoIM/common/errs"
	"tudoIM/common/event"
	"tudoIM/common/rate"
	"tudoIM/common/response"
	"tudoIM/common/token"
	"tudoIM/tudoIM_auth/auth_rpc/auth"
	"tudoIM/tudoIM_chat/chat_api/internal/people"
	"tudoIM/tudoIM_chat/chat_api/internal/talk"
	"tudoIM/tudoIM_group/group_rpc/groups"
	"tudoIM/tudoIM_user/user_rpc/user"
)

const (
	// subscribeWait is how long a new socket waits for the bus before it goes
	// on without: its client syncs when the bus is back.
	subscribeWait = 500 * time.Millisecond
	pingCheck     = 5 * time.Second
	// spread is the most over which sockets are told that the node ends, so that
	// they do not all come back at once; a millisecond each, where there are fewer.
	spread = 2 * time.Second
)

// Hub knows the sockets of this node.
type Hub struct {
	talk   *talk.Talk
	people *people.People
	auth   auth.Auth
	bus    *event.Bus
	limits Limits
	ops    *rate.Limiter
	sub    *event.Subscription
	up     websocket.Upgrader
	ctx    context.Context
	ids    atomic.Uint64
	lines  [lines]chan delivery
	missed chan struct{} // kicks may have been

	holding  *holding
	watching *watching
	rosters  *rosters
	// nameless is until when no profile is looked up, in Unix nanoseconds.
	nameless atomic.Int64
	// Hearers says who hears that a user types. It is set before the first
	// socket comes.
	Hearers Hearers
	heardBy *expirable.LRU[hearing, []uint64]
	typed   [typers]chan typed

	letGo func()        // ends the keeping of leases
	faded chan struct{} // closed when it has ended

	mu     sync.Mutex
	users  map[uint64][]*Session
	ended  bool
	empty  chan struct{} // closed, by nobody, when ended and nobody is there
	nobody func()
}

// Links are what the hub asks about its sockets, beside their messages.
type Links struct {
	Auth   auth.Auth
	Users  user.User
	Groups groups.Groups
	// Redis keeps who is connected.
	Redis  redis.UniversalClient
	Limits Limits
	// Ops bounds what a user asks for on sockets; nil does not.
	Ops *rate.Limiter
}

// refuseUpgrade answers a request that is no upgrade after all, as every
// refusal is answered.
func refuseUpgrade(w http.ResponseWriter, r *http.Request, status int, reason error) {
	var err error = errs.Bad
	if status >= http.StatusInternalServerError {
		err = fmt.Errorf("upgrade: %w", reason)
	}
	response.Write(w, r, nil, err)
}

// New returns a hub that hears bus and works until ctx ends.
func New(ctx context.Context, bus *event.Bus, t *talk.Talk, p *people.People, l Links) *Hub {
	return newHub(ctx, bus, t, p, l, usualPace)
}

func newHub(ctx context.Context, bus *event.Bus, t *talk.Talk, p *people.People, l Links, at pace) *Hub {
	h := &Hub{
		talk: t, people: p, auth: l.Auth, bus: bus, limits: l.Limits, ops: l.Ops, ctx: ctx, users: map[uint64][]*Session{},
		missed: make(chan struct{}, 1), watching: newWatching(l.Users, l.Redis, at),
		Hearers: t.Hearers, heardBy: newHeard(), faded: make(chan struct{}), empty: make(chan struct{}),
		up: websocket.Upgrader{
			HandshakeTimeout: 5 * time.Second,
			ReadBufferSize:   1 << 10, WriteBufferSize: 1 << 10,
			// The gateway has checked the origin; nobody else gets here.
			CheckOrigin: func(*http.Request) bool { return true },
			Error:       refuseUpgrade,
		},
	}
	h.nobody = sync.OnceFunc(func() { close(h.empty) })
	h.rosters = newRosters(ctx, h, l.Groups)
	h.holding = newHolding(l.Redis, bus, at, h.platforms)
	for i := range h.typed {
		h.typed[i] = make(chan typed, typingQueue)
		go h.passTyping(ctx, h.typed[i])
	}
	for i := range h.lines {
		h.lines[i] = make(chan delivery, lineLength)
		go h.deliver(ctx, h.lines[i])
	}
	h.sub = bus.Subscribe(ctx, h.heard, h.busBack)
	h.rosters.sub = h.sub
	h.watching.sub = bus.Subscribe(ctx, h.bell, h.watching.lookAll, event.Pairs)
	go h.rosters.run(ctx)
	go h.rosters.unhear(ctx)
	go h.watching.run(ctx)
	go h.watching.follow(ctx)
	holds, letGo := context.WithCancel(ctx)
	h.letGo = letGo
	go func() {
		defer close(h.faded)
		h.holding.run(holds)
	}()
	go h.keepAlive(ctx)
	go h.checkEnded(ctx)
	return h
}

// Serve upgrades r to a socket of who and serves it until it ends. An error
// means that it was not upgraded and the answer is still to be written.
func (h *Hub) Serve(w http.ResponseWriter, r *http.Request, who token.Identity) error {
	if who.UserID == 0 {
		return errs.Unauthorized
	}
	if who.Ended(time.Now()) {
		return errs.TokenExpired // also a ticket's, got with it
	}
	if !websocket.IsWebSocketUpgrade(r) {
		return errs.Bad
	}
	conn, err := h.up.Upgrade(w, r, nil)
	if err != nil {
		return nil // refuseUpgrade has answered
	}
	s := &Session{
		hub: h, conn: conn, id: h.ids.Add(1), who: who,
		slots: make(chan struct{}, h.limits.InFlight), typing: typist{}, lastPing: time.Now(), writing: true,
	}
	s.drained.L = &s.mu
	defer s.drop()
	if h.add(s) {
		defer h.remove(s)
	} else {
		s.Close(websocket.CloseServiceRestart, "restarting")
	}
	s.open()
	s.read(h.ctx)
	return nil
}

// add makes s known, with hello as its first frame, and the bus heard for its
// user. It returns false when the hub has ended.
func (h *Hub) add(s *Session) bool {
	h.mu.Lock()
	if h.ended {
		h.mu.Unlock()
		return false
	}
	list := append(h.users[s.who.UserID], s)
	var oldest *Session
	if len(list) > h.limits.PerUser {
		oldest, list = list[0], slices.Clone(list[1:])
	}
	h.users[s.who.UserID] = list
	s.hello()
	h.mu.Unlock()
	h.holding.come(s.who.UserID)
	if oldest != nil {
		oldest.Close(CloseTooMany, "too many sockets")
	}
	// Each new socket waits until the channels are heard, not only the first:
	// the first may still be waiting itself.
	heard := h.hear(s.who.UserID)
	h.rosters.come(s.who.UserID, !heard)
	h.watching.come(s)
	return true
}

// hear waits until the bus is heard for user, but not for long, and reports
// whether it is.
func (h *Hub) hear(user uint64) bool {
	ctx, cancel := context.WithTimeout(h.ctx, subscribeWait)
	defer cancel()
	err := h.sub.Add(ctx, event.UserChannel(user))
	if err != nil && h.ctx.Err() == nil {
		logx.Errorf("ws: user %d is not heard on the bus yet: %v", user, err)
	}
	return err == nil
}

// remove forgets s, and ends the hearing for its user behind the last socket.
func (h *Hub) remove(s *Session) {
	h.watching.leave(s)
	h.holding.leave(s.who.UserID)
	if h.forget(s) {
		h.rosters.leave(s.who.UserID)
		h.unhear(s.who.UserID)
	}
}

// unhear ends the hearing for user. That is not done under the lock, for the
// bus may be away; so it may undo the hear of a socket that came meanwhile,
// which is then done again.
func (h *Hub) unhear(user uint64) {
	ctx, cancel := context.WithTimeout(h.ctx, subscribeWait)
	defer cancel()
	if err := h.sub.Remove(ctx, event.UserChannel(user)); err != nil && h.ctx.Err() == nil {
		logx.Errorf("ws: user %d is still heard on the bus: %v", user, err)
	}
	if len(h.sessions(user)) == 0 {
		return
	}
	heard := h.hear(user)
	h.tellResync("not heard for a moment", user)
	h.rosters.doubt(user, !heard)
}

// forget drops s and reports whether it was its user's last socket.
func (h *Hub) forget(s *Session) (last bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	user := s.who.UserID
	list := slices.DeleteFunc(h.users[user], func(o *Session) bool { return o == s })
	if len(list) > 0 {
		h.users[user] = list
		return false
	}
	delete(h.users, user)
	h.look()
	return true
}

// sessions returns the sockets of user on this node.
func (h *Hub) sessions(user uint64) []*Session {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.users[user])
}

// platforms returns on which platforms users are connected to this node, or
// all who are.
func (h *Hub) platforms(all bool, users ...uint64) map[uint64][]string {
	h.mu.Lock()
	defer h.mu.Unlock()
	if all {
		users = slices.Collect(maps.Keys(h.users))
	}
	found := make(map[uint64][]string, len(users))
	for _, u := range users {
		for _, s := range h.users[u] {
			found[u] = append(found[u], s.who.Platform)
		}
		slices.Sort(found[u])
		found[u] = slices.Compact(found[u])
	}
	return found
}

func (h *Hub) all() []*Session {
	h.mu.Lock()
	defer h.mu.Unlock()
	var list []*Session
	for _, of := range h.users {
		list = append(list, of...)
	}
	return list
}

// tellResync tells the clients of users to fetch what they may have missed.
func (h *Hub) tellResync(reason string, users ...uint64) {
	var list []*Session
	for _, u := range users {
		list = append(list, h.sessions(u)...)
	}
	resync(reason, list)
}

// resync tells clients to fetch what they may have missed.
func resync(reason string, list []*Session) {
	data, err := json.Marshal(map[string]string{"reason": reason})
	if err != nil {
		return
	}
	for _, s := range list {
		s.event("resync", time.Now().UnixMilli(), data)
	}
}

func (h *Hub) keepAlive(ctx context.Context) {
	t := time.NewTicker(pingCheck)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-t.C:
			for _, s := range h.all() {
				if s.overdue(now) {
					s.Close(CloseToken, "the token has ended")
				}
				s.ping(now)
			}
		}
	}
}

// End closes every socket: the node is about to stop, clients reconnect to
// another one. It returns when all have gone, and their leases with them, or
// ctx ends: then it cuts them. It is called once.
func (h *Hub) End(ctx context.Context) {
	h.mu.Lock()
	h.ended = true
	h.look()
	h.mu.Unlock()
	all := h.all()
	most := min(spread, time.Duration(len(all))*time.Millisecond)
	for _, s := range all {
		time.AfterFunc(rand.N(most+1), func() { s.Close(websocket.CloseGoingAway, "restarting, reconnect") }) // #nosec G404 -- no secret
	}
	select {
	case <-h.empty:
	case <-ctx.Done():
		for _, s := range h.all() {
			s.drop()
		}
	}
	h.letGo()
	select {
	case <-h.faded:
	case <-time.After(fadeTries * bellWait):
	}
}

// look is for who has the lock.
func (h *Hub) look() {
	if h.ended && len(h.users) == 0 {
		h.nobody()
	}
}

// hello is the first frame of every socket.
func (s *Session) hello() {
	now := time.Now().UnixMilli()
	data, err := json.Marshal(map[string]any{
		"connId": fmt.Sprint(s.id), "userId": s.who.UserID, "serverTime": now, "n": 0,
		"heartbeatSeconds": int(pingEvery.Seconds()),
		"limits":           map[string]int64{"frameBytes": s.hub.limits.FrameBytes, "inFlight": int64(s.hub.limits.InFlight)},
	})
	if err != nil {
		return
	}
	s.send(eventFrame("hello", 0, now, data))
}
