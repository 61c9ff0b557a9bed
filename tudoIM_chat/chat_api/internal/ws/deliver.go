package ws

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"github.com/zeromicro/go-zero/core/logx"

	"tudoIM/common/ctype"
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
	// lookup bounds the wait for a sender's profile. After one in vain all do
	// without for lookupPause, or messages would pile up.
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
	if e.Group != 0 {
		if event.GroupChannel(e.Group) == channel {
			h.rosters.heard(e)
		}
		return
	}
	for _, to := range e.To {
		if event.UserChannel(to.UserId) != channel {
			continue
		}
		h.own(to.UserId, e)
		select {
		case h.lines[to.UserId%lines] <- delivery{to.UserId, e}:
		default:
			logx.Errorf("ws: too many events, user %d is told to sync", to.UserId)
			h.tellResync("too many events", to.UserId)
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
				h.message(d, h.named(ctx, d.e.Message), sessions)
			case event.Kick:
				kick(d.e, sessions)
			case event.Typing:
				for _, s := range sessions {
					if !s.resting() {
						s.event(event.Typing, d.e.Ts, d.e.Data)
					}
				}
			default:
				if d.e.Name == event.GroupJoined {
					h.rosters.joined(ctx, d.user, d.e)
				}
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
func (h *Hub) named(ctx context.Context, m *wire.Message) map[uint64]*user_rpc.Profile {
	ids := people.Named([]*wire.Message{m})
	if time.Now().UnixNano() < h.nameless.Load() {
		return h.people.Known(ids...)
	}
	ctx, cancel := context.WithTimeout(ctx, lookup)
	defer cancel()
	who, err := h.people.Get(ctx, ids...)
	if err != nil {
		h.nameless.Store(time.Now().Add(lookupPause).UnixNano())
		logx.Errorf("ws: messages of %v and others go out without their senders' nicknames for %v: %v", ids, lookupPause, err)
	}
	return who
}

// message tells the sockets of a user of a private message.
func (h *Hub) message(d delivery, who map[uint64]*user_rpc.Profile, sessions []*Session) {
	to := d.e.To[slices.IndexFunc(d.e.To, func(r *wire.Receiver) bool { return r.UserId == d.user })]
	text, tail := texts(d.e.Message, who), standing(to.Unread, d.e.MaxSeq, to.AtMe)
	for _, s := range sessions {
		if data := text(s); data != nil {
			s.share(event.Message, d.e.Ts, data, tail)
		}
	}
}

// wording is in what a message is the same for all who get it.
type wording struct {
	lang string
	mine bool
	// told is whom it calls "you"; 0 for all others.
	told uint64
}

// texts returns what of the data of m's event is the same for others, as s gets
// it: each wording is encoded once. It is nil where that fails.
func texts(m *wire.Message, who map[uint64]*user_rpc.Profile) func(s *Session) []byte {
	encoded, told := map[wording][]byte{}, ctype.Told(m.MsgType, m.Msg)
	return func(s *Session) []byte {
		w := wording{lang: s.who.Lang, mine: s.who.UserID == m.SendUserId}
		if slices.Contains(told, s.who.UserID) {
			w.told = s.who.UserID
		}
		data, ok := encoded[w]
		if !ok {
			body, err := json.Marshal(people.Message(m, s.who, who))
			if err != nil {
				logx.Errorf("ws: message %d: %v", m.Id, err)
			} else {
				data = append([]byte(`{"message":`), body...)
			}
			encoded[w] = data
		}
		return data
	}
}

// standing is what of the data of a message event differs for each receiver.
func standing(unread, maxSeq uint64, atMe bool) []byte {
	data := append(make([]byte, 0, 80), `,"conversation":{"unread":`...)
	data = strconv.AppendUint(data, unread, 10)
	data = append(data, `,"maxSeq":`...)
	data = strconv.AppendUint(data, maxSeq, 10)
	data = append(data, `,"atMe":`...)
	data = strconv.AppendBool(data, atMe)
	return append(data, "}}"...)
}

// kick closes the sockets whose login session ended.
func kick(e *wire.Event, sessions []*Session) {
	for _, s := range sessions {
		if len(e.SessionIds) == 0 || slices.Contains(e.SessionIds, s.who.SessionID) {
			s.kick(e.Ts, e.Data)
		}
	}
}
