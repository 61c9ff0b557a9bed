package ws

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"github.com/zeromicro/go-zero/core/logx"

	"tudoIM/common/event"
	"tudoIM/common/wire"
	"tudoIM/tudoIM_chat/chat_api/internal/people"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

const (
	// lines are the queues between the bus and the sockets; a user's events
	// all go through one, which keeps their order.
	lines      = 8
	lineLength = 2048
	// lookup bounds the wait for a sender's profile. After one in vain a line
	// does without for lookupPause, or its messages would pile up.
	lookup      = time.Second
	lookupPause = 2 * time.Second
)

// delivery is an event for the sockets of one user.
type delivery struct {
	user uint64
	e    *wire.Event
}

// heard takes an event off the bus. It must not block: when a line is full
// its events are dropped, and their users told to sync.
func (h *Hub) heard(channel string, e *wire.Event) {
	for _, to := range e.To {
		if event.UserChannel(to.UserId) != channel {
			continue
		}
		select {
		case h.lines[to.UserId%lines] <- delivery{to.UserId, e}:
		default:
			logx.Errorf("ws: too many events, user %d is told to sync", to.UserId)
			for _, s := range h.sessions(to.UserId) {
				s.event("resync", e.Ts, []byte(`{"reason":"too many events"}`))
			}
		}
	}
}

func (h *Hub) deliver(ctx context.Context, line <-chan delivery) {
	var without time.Time // until when no profile is looked up
	for {
		select {
		case <-ctx.Done():
			return
		case d := <-line:
			sessions := h.sessions(d.user)
			if len(sessions) == 0 {
				continue
			}
			switch d.e.Name {
			case event.Message:
				h.message(d, h.sender(ctx, d.e.Message.GetSendUserId(), &without), sessions)
			case event.Kick:
				kick(d.e, sessions)
			case event.Typing:
				for _, s := range sessions {
					if !s.resting() {
						s.event(event.Typing, d.e.Ts, d.e.Data)
					}
				}
			default:
				for _, s := range sessions {
					s.event(d.e.Name, d.e.Ts, d.e.Data)
				}
			}
		}
	}
}

// sender returns the profile of user, or nil: a message goes out in any case.
func (h *Hub) sender(ctx context.Context, user uint64, without *time.Time) *user_rpc.Profile {
	if time.Now().Before(*without) {
		return h.people.Known(user)
	}
	ctx, cancel := context.WithTimeout(ctx, lookup)
	defer cancel()
	who, err := h.people.Get(ctx, user)
	if err != nil {
		*without = time.Now().Add(lookupPause)
		logx.Errorf("ws: messages of %d and others go out without their sender's nickname for %v: %v", user, lookupPause, err)
	}
	return who[user]
}

func (h *Hub) message(d delivery, sender *user_rpc.Profile, sessions []*Session) {
	m := d.e.Message
	if m == nil {
		logx.Errorf("ws: a message event for %d has no message", d.user)
		return
	}
	body, err := json.Marshal(people.Message(m, d.user, sender))
	if err != nil {
		logx.Errorf("ws: message %d: %v", m.Id, err)
		return
	}
	data := append([]byte(`{"message":`), body...)
	data = append(data, `,"conversation":{"unread":`...)
	to := d.e.To[slices.IndexFunc(d.e.To, func(r *wire.Receiver) bool { return r.UserId == d.user })]
	data = strconv.AppendUint(data, to.Unread, 10)
	data = append(data, `,"maxSeq":`...)
	data = strconv.AppendUint(data, d.e.MaxSeq, 10)
	data = append(data, `,"atMe":`...)
	data = strconv.AppendBool(data, to.AtMe)
	data = append(data, "}}"...)
	for _, s := range sessions {
		s.event(event.Message, d.e.Ts, data)
	}
}

// kick closes the sockets whose login session ended.
func kick(e *wire.Event, sessions []*Session) {
	for _, s := range sessions {
		if len(e.SessionIds) == 0 || slices.Contains(e.SessionIds, s.who.SessionID) {
			s.kick(e.Ts, e.Data)
		}
	}
}
