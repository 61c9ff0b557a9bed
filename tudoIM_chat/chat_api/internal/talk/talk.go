// Package talk is what clients do with conversations, over REST and over the
// socket alike: it finds the half a conversation lives in, asks it, and shapes
// its answer.
package talk

import (
	"context"
	"encoding/json"
	"slices"

	"tudoIM/common/errs"
	"tudoIM/common/event"
	"tudoIM/common/token"
	"tudoIM/common/wire"
	"tudoIM/core/registry"
	"tudoIM/tudoIM_chat/chat_api/internal/outgo"
	"tudoIM/tudoIM_chat/chat_api/internal/people"
	"tudoIM/tudoIM_chat/chat_rpc/chat"
	"tudoIM/tudoIM_user/user_rpc/user"
)

// Talk asks chat_rpc for private conversations and group_rpc for groups.
type Talk struct {
	private, group half
	chats          chat.Chat
	people         *people.People
	users          user.User
	bus            *event.Bus
	rates          Rates
}

// half is an rpc half that serves messages, and the way to it.
type half struct {
	wire.MessagesClient
	out *outgo.Outgo
}

// Links are what a Talk asks.
type Links struct {
	// Private and Group serve messages, of chat_rpc and of group_rpc.
	Private, Group wire.MessagesClient
	Chats          chat.Chat
	People         *people.People
	Users          user.User
	Bus            *event.Bus
	Rates          Rates
}

// New returns a Talk whose sends go out until ctx ends.
func New(ctx context.Context, l Links) *Talk {
	return &Talk{
		private: half{l.Private, outgo.New(ctx, l.Private)}, group: half{l.Group, outgo.New(ctx, l.Group)},
		chats: l.Chats, people: l.People, users: l.Users, bus: l.Bus, rates: l.Rates,
	}
}

// of returns the half that p is in.
func (t *Talk) of(p wire.Place) half {
	if p.Type == wire.Group {
		return t.group
	}
	return t.private
}

// ofMessage returns the half that the message id is in: groups' have odd ids.
func (t *Talk) ofMessage(id uint64) half {
	if id%2 == 1 {
		return t.group
	}
	return t.private
}

// halves are both, private conversations first.
func (t *Talk) halves() []half { return []half{t.private, t.group} }

// split groups ids by the half they are in.
func (t *Talk) split(ids []uint64) map[half][]uint64 {
	of := map[half][]uint64{}
	for _, id := range ids {
		of[t.ofMessage(id)] = append(of[t.ofMessage(id)], id)
	}
	return of
}

// get returns those of the messages ids that me may read, in the order of ids.
func (t *Talk) get(ctx context.Context, me token.Identity, ids []uint64) ([]*wire.Message, error) {
	var all []*wire.Message
	for h, some := range t.split(ids) {
		r, err := h.Get(ctx, &wire.GetRequest{UserId: me.UserID, Ids: some})
		if err != nil {
			return nil, err
		}
		all = append(all, r.List...)
	}
	slices.SortFunc(all, func(a, b *wire.Message) int { return slices.Index(ids, a.Id) - slices.Index(ids, b.Id) })
	return all, nil
}

// inOrder makes a call go the way that the sends to m's conversation go, so
// that its events come in order with theirs.
func inOrder(ctx context.Context, m *wire.Message) context.Context {
	return registry.WithLane(ctx, outgo.Lane(m.Type, m.SendUserId, m.TargetId))
}

// refused is the error that a result carries, or nil.
func refused(r *wire.SendResult) error {
	if r.Code == 0 {
		if r.Message == nil {
			return errs.Internal // not of our making, and no reason to fall over
		}
		return nil
	}
	e := *errs.ByCode(int(r.Code))
	e.Data = r.Data
	return &e
}

// document is a message's body as it came, for who judges it.
func document(msg map[string]any) ([]byte, error) {
	raw, err := json.Marshal(msg)
	if err != nil {
		return nil, errs.Bad
	}
	return raw, nil
}
