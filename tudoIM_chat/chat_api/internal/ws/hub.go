package ws

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
	"github.com/zeromicro/go-zero/core/logx"

	"tudoIM/common/errs"
	"tudoIM/common/event"
	"tudoIM/common/token"
	"tudoIM/tudoIM_chat/chat_api/internal/outgo"
	"tudoIM/tudoIM_chat/chat_api/internal/people"
	"tudoIM/tudoIM_chat/chat_rpc/chat"
	"tudoIM/utils/lang"
)

const (
	// maxSockets of one user on one node; over it the oldest is closed.
	maxSockets = 10
	// subscribeWait is how long a new socket waits for the bus before it goes
	// on without: its client syncs when the bus is back.
	subscribeWait = 500 * time.Millisecond
	pingCheck     = 5 * time.Second
)

// Hub knows the sockets of this node.
type Hub struct {
	chat   chat.Chat
	out    *outgo.Outgo
	people *people.People
	sub    *event.Subscription
	up     websocket.Upgrader
	ctx    context.Context
	ids    atomic.Uint64
	lines  [lines]chan delivery

	mu    sync.Mutex
	users map[uint64][]*Session
	ended bool
}

// New returns a hub that hears bus and works until ctx ends.
func New(ctx context.Context, bus *event.Bus, c chat.Chat, out *outgo.Outgo, p *people.People) *Hub {
	h := &Hub{
		chat: c, out: out, people: p, ctx: ctx, users: map[uint64][]*Session{},
		up: websocket.Upgrader{
			HandshakeTimeout: 5 * time.Second,
			ReadBufferSize:   1 << 10, WriteBufferSize: 1 << 10,
			// The gateway has checked the origin; nobody else gets here.
			CheckOrigin: func(*http.Request) bool { return true },
		},
	}
	for i := range h.lines {
		h.lines[i] = make(chan delivery, lineLength)
		go h.deliver(ctx, h.lines[i])
	}
	h.sub = bus.Subscribe(ctx, h.heard, func() { h.resync("the bus was away") })
	go h.keepAlive(ctx)
	return h
}

// Serve upgrades r to a socket of who and serves it until it ends. An error
// means that it was not upgraded and the answer is still to be written.
func (h *Hub) Serve(w http.ResponseWriter, r *http.Request, who token.Identity) error {
	if who.UserID == 0 {
		return errs.Unauthorized
	}
	if !websocket.IsWebSocketUpgrade(r) {
		return errs.Bad
	}
	conn, err := h.up.Upgrade(w, r, nil)
	if err != nil {
		return nil // gorilla has answered
	}
	s := &Session{
		hub: h, conn: conn, id: h.ids.Add(1), who: who, lang: lang.Of(r.Header.Get("Accept-Language")),
		slots: make(chan struct{}, maxInFlight), lastPing: time.Now(),
	}
	if !h.add(s) {
		s.Close(websocket.CloseServiceRestart, "restarting")
		return nil
	}
	defer h.remove(s)
	defer s.drop()
	s.hello()
	s.read(h.ctx)
	return nil
}

// add makes s known, and the bus heard for its user. It returns false when
// the hub has ended.
func (h *Hub) add(s *Session) bool {
	h.mu.Lock()
	if h.ended {
		h.mu.Unlock()
		return false
	}
	list := append(h.users[s.who.UserID], s)
	var oldest *Session
	if len(list) > maxSockets {
		oldest, list = list[0], slices.Clone(list[1:])
	}
	h.users[s.who.UserID] = list
	h.mu.Unlock()
	if oldest != nil {
		oldest.Close(CloseTooMany, "too many sockets")
	}
	// Each new socket waits until the channel is heard, not only the first:
	// the first may still be waiting itself.
	ctx, cancel := context.WithTimeout(h.ctx, subscribeWait)
	defer cancel()
	if err := h.sub.Add(ctx, event.UserChannel(s.who.UserID)); err != nil {
		logx.Errorf("ws: user %d is not heard on the bus yet: %v", s.who.UserID, err)
	}
	return true
}

func (h *Hub) remove(s *Session) {
	h.mu.Lock()
	defer h.mu.Unlock()
	list := slices.DeleteFunc(h.users[s.who.UserID], func(o *Session) bool { return o == s })
	if len(list) > 0 {
		h.users[s.who.UserID] = list
		return
	}
	delete(h.users, s.who.UserID)
	// Under the lock, so that it cannot overtake the Add of a new socket that
	// is known already.
	ctx, cancel := context.WithTimeout(h.ctx, subscribeWait)
	defer cancel()
	if err := h.sub.Remove(ctx, event.UserChannel(s.who.UserID)); err != nil && h.ctx.Err() == nil {
		logx.Errorf("ws: user %d is still heard on the bus: %v", s.who.UserID, err)
	}
}

// sessions returns the sockets of user on this node.
func (h *Hub) sessions(user uint64) []*Session {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.users[user])
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

// resync tells every client to fetch what it may have missed.
func (h *Hub) resync(reason string) {
	data, err := json.Marshal(map[string]string{"reason": reason})
	if err != nil {
		return
	}
	for _, s := range h.all() {
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
				s.ping(now)
			}
		}
	}
}

// End closes every socket: the node is about to stop, clients reconnect to
// another one.
func (h *Hub) End() {
	h.mu.Lock()
	h.ended = true
	h.mu.Unlock()
	for _, s := range h.all() {
		s.Close(websocket.CloseGoingAway, "restarting, reconnect")
	}
}

// hello is the first frame of every socket.
func (s *Session) hello() {
	now := time.Now().UnixMilli()
	data, err := json.Marshal(map[string]any{
		"connId": fmt.Sprint(s.id), "userId": s.who.UserID, "serverTime": now, "n": 0,
		"heartbeatSeconds": int(pingEvery.Seconds()),
		"limits":           map[string]int{"frameBytes": maxFrame, "inFlight": maxInFlight},
	})
	if err != nil {
		return
	}
	s.send(eventFrame("hello", 0, now, data))
}
