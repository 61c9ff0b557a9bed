package ws

import (
	"context"
	"time"

	"github.com/zeromicro/go-zero/core/logx"

	"tudoIM/common/event"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
)

const (
	// endedCheck is how often the sessions of all sockets are asked for while
	// no kick can be heard.
	endedCheck = 5 * time.Second
	// endedBatch is the most that auth_rpc answers at once.
	endedBatch = 500
)

// checkEnded closes the sockets of ended sessions while the bus is away, and
// once when it is back, for then the kicks that were said meanwhile are lost.
// Where auth_rpc cannot be asked either, sockets stay and it is asked again:
// all that is sent or read on them is decided elsewhere, by whoever holds it.
func (h *Hub) checkEnded(ctx context.Context) {
	t := time.NewTicker(endedCheck)
	defer t.Stop()
	due, failed := false, false
	for {
		select {
		case <-ctx.Done():
			return
		case <-h.missed:
			due = true
		case <-t.C:
		}
		if !due && h.sub.Up() {
			continue
		}
		err := h.closeEnded(ctx)
		due = err != nil
		if err != nil && !failed && ctx.Err() == nil { // once, not every five seconds
			logx.Errorf("ws: nobody tells which sessions have ended, their sockets stay: %v", err)
		}
		failed = err != nil
	}
}

// closeEnded asks auth_rpc for the sessions of all sockets and closes those
// that do not live.
func (h *Hub) closeEnded(ctx context.Context) error {
	sockets := map[uint64][]*Session{}
	for _, s := range h.all() {
		sockets[s.who.SessionID] = append(sockets[s.who.SessionID], s)
	}
	list := make([]*auth_rpc.SessionOf, 0, len(sockets))
	for id, of := range sockets {
		list = append(list, &auth_rpc.SessionOf{UserId: of[0].who.UserID, SessionId: id})
	}
	for len(list) > 0 {
		n := min(len(list), endedBatch)
		r, err := h.auth.Ended(ctx, &auth_rpc.EndedRequest{List: list[:n]})
		if err != nil {
			return err
		}
		for _, dead := range r.List {
			for _, s := range sockets[dead.SessionId] {
				s.kick(time.Now().UnixMilli(), []byte(`{"reason":"policy"}`))
			}
		}
		list = list[n:]
	}
	return nil
}

// kick tells the client why its session has ended, and closes.
func (s *Session) kick(ts int64, data []byte) {
	s.event(event.Kick, ts, data)
	s.Close(CloseKicked, "the session has ended")
}

// busBack says that the bus was away and is heard again.
func (h *Hub) busBack() {
	signal(h.missed)
	resync("the bus was away", h.all())
	h.rosters.doubtAll()
	h.watching.meetAll()
}
