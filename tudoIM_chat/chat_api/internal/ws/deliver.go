package ws

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"github.com/zeromicro/go-zero/core/logx"

	"tudoIM/common/event"
	"tudoIM/common/token"
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

// changesFriends are the events behind which a user may be told of other
// friends than before.
var changesFriends = map[string]bool{
	event.FriendAdded: true, event.FriendDeleted: true, event.FriendUpdated: true, event.ConfUpdated: true,
}

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

// bell takes off the bus what is for this node itself. It must not block.
func (h *Hub) bell(channel string, e *wire.Event) {
	if channel != event.Pairs {
		h.watching.heard(channel, e)
		return
	}
	switch {
	case e.Name != event.Pair:
	case len(e.To) == 1:
		h.people.Forget(e.To[0].UserId)
		h.watching.doubtAll(e.To[0].UserId)
	case len(e.To) == 2:
		a, b := e.To[0].UserId, e.To[1].UserId
		h.forgetHearers(a, b)
		h.watching.part(a, b)
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
				if d.e.Message == nil {
					logx.Errorf("ws: a message event for %d has no message", d.user)
					continue
				}
				h.message(d, h.named(ctx, d.e.Message, &without), sessions)
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
				if changesFriends[d.e.Name] {
					h.watching.meetAgain(d.user)
				}
			}
		}
	}
}

// named returns the profiles that m needs, as far as they are known: a message
// goes out in any case.
func (h *Hub) named(ctx context.Context, m *wire.Message, without *time.Time) map[uint64]*user_rpc.Profile {
	ids := people.Named([]*wire.Message{m})
	if time.Now().Before(*without) {
		return h.people.Known(ids...)
	}
	ctx, cancel := context.WithTimeout(ctx, lookup)
	defer cancel()
	who, err := h.people.Get(ctx, ids...)
	if err != nil {
		*without = time.Now().Add(lookupPause)
		logx.Errorf("ws: messages of %v and others go out without their senders' nicknames for %v: %v", ids, lookupPause, err)
	}
	return who
}

// message puts what differs per receiver around the message, which is encoded
// once for each language.
func (h *Hub) message(d delivery, who map[uint64]*user_rpc.Profile, sessions []*Session) {
	encoded := map[string][]byte{}
	for _, s := range sessions {
		data, ok := encoded[s.who.Lang]
		if !ok {
			var err error
			if data, err = d.message(s.who, who); err != nil {
				logx.Errorf("ws: message %d: %v", d.e.Message.Id, err)
				return
			}
			encoded[s.who.Lang] = data
		}
		s.event(event.Message, d.e.Ts, data)
	}
}

// message is the data of a message event, as me gets it.
func (d delivery) message(me token.Identity, who map[uint64]*user_rpc.Profile) ([]byte, error) {
	body, err := json.Marshal(people.Message(d.e.Message, me, who))
	if err != nil {
		return nil, err
	}
	data := append([]byte(`{"message":`), body...)
	data = append(data, `,"conversation":{"unread":`...)
	to := d.e.To[slices.IndexFunc(d.e.To, func(r *wire.Receiver) bool { return r.UserId == d.user })]
	data = strconv.AppendUint(data, to.Unread, 10)
	data = append(data, `,"maxSeq":`...)
	data = strconv.AppendUint(data, d.e.MaxSeq, 10)
	data = append(data, `,"atMe":`...)
	data = strconv.AppendBool(data, to.AtMe)
	return append(data, "}}"...), nil
}

// kick closes the sockets whose login session ended.
func kick(e *wire.Event, sessions []*Session) {
	for _, s := range sessions {
		if len(e.SessionIds) == 0 || slices.Contains(e.SessionIds, s.who.SessionID) {
			s.kick(e.Ts, e.Data)
		}
	}
}
