package ws

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/hashicorp/golang-lru/v2/expirable"
	"github.com/zeromicro/go-zero/core/logx"

	"tudoIM/common/errs"
	"tudoIM/common/event"
	"tudoIM/common/wire"
)

const (
	// typingEvery is how often a socket may say in one conversation that its
	// user types; what it says more often goes nowhere.
	typingEvery = 3 * time.Second
	// typingKept bounds the conversations a socket is known to type in.
	typingKept = 16
	// typers pass on what was typed, a user's always the same one, which keeps
	// the order; typingQueue is what waits for each, and what does not fit
	// goes nowhere.
	typers      = 4
	typingQueue = 256
	typingWait  = 2 * time.Second
	// hearersKept bounds the answers who hears whom, which last hearersLast.
	hearersKept = 10_000
	hearersLast = 10 * time.Second
)

// Hearers returns who hears that user types in a conversation; nobody, where
// user has no say. It may name user, who does not hear it.
type Hearers func(ctx context.Context, user uint64, conversationID string) ([]uint64, error)

// typed is what a socket says of its user, and typingData what clients send
// and are told.
type (
	typed struct {
		user uint64
		typingData
	}
	typingData struct {
		ConversationID string `json:"conversationId"`
		Kind           string `json:"kind"`
		On             *bool  `json:"on"`
	}
	typingEvent struct {
		ConversationID string `json:"conversationId"`
		UserID         uint64 `json:"userId"`
		Kind           string `json:"kind"`
		On             bool   `json:"on"`
	}
)

// check returns a bad-argument error naming what is wrong with d.
func (d *typingData) check() error {
	switch {
	case !isConversation(d.ConversationID):
		return errs.BadArgument("conversationId")
	case d.Kind != "text" && d.Kind != "voice":
		return errs.BadArgument("kind")
	case d.On == nil:
		return errs.BadArgument("on")
	}
	return nil
}

// isConversation reports whether id is written as one of a conversation is;
// there may be none.
func isConversation(id string) bool {
	var a, b uint64
	if n, _ := fmt.Sscanf(id, "g_%d", &a); n == 1 {
		return a > 0 && id == wire.GroupID(a)
	}
	n, _ := fmt.Sscanf(id, "p_%d_%d", &a, &b)
	return n == 2 && a > 0 && id == wire.PrivateID(a, b)
}

// opTyping passes on that the user types. The answer is the same whether
// anybody hears it or not.
func (h *Hub) opTyping(_ context.Context, s *Session, req *request) {
	var in typingData
	err := fields(req, &in)
	if err == nil {
		err = in.check()
	}
	if err == nil && s.typing.passes(in.ConversationID, *in.On, time.Now()) {
		select {
		case h.typed[s.who.UserID%typers] <- typed{s.who.UserID, in}:
		default: // too many type
		}
	}
	s.reply(req, nil, err)
}

// typist is what a socket lately said of typing, by conversation. Only the
// reader of the socket uses it.
type typist map[string]saidTyping

type saidTyping struct {
	at time.Time // of the last beginning that was passed on
	on bool
}

// passes reports whether what is said at now goes on: a beginning at most once
// in typingEvery, an end behind a beginning only.
func (t typist) passes(conversationID string, on bool, now time.Time) bool {
	last := t[conversationID]
	over := now.Sub(last.at) >= typingEvery
	switch {
	case !on && last.on:
		t[conversationID] = saidTyping{last.at, false}
		return true
	case !on || !over:
		return false
	}
	if len(t) >= typingKept {
		maps.DeleteFunc(t, func(_ string, said saidTyping) bool { return now.Sub(said.at) >= typingEvery })
	}
	if len(t) >= typingKept {
		return false // nobody types in so many at once
	}
	t[conversationID] = saidTyping{now, true}
	return true
}

// passTyping tells the hearers of what is typed until ctx ends. What cannot be
// told is forgotten: it is over in a moment.
func (h *Hub) passTyping(ctx context.Context, queue <-chan typed) {
	for {
		select {
		case <-ctx.Done():
			return
		case t := <-queue:
			if err := h.tellTyping(ctx, t); err != nil && ctx.Err() == nil {
				logx.Errorf("ws: nobody hears that %d types: %v", t.user, err)
			}
		}
	}
}

func (h *Hub) tellTyping(ctx context.Context, t typed) error {
	ctx, cancel := context.WithTimeout(ctx, typingWait)
	defer cancel()
	hearers, err := h.hearers(ctx, hearing{t.user, t.ConversationID})
	if err != nil || len(hearers) == 0 {
		return err
	}
	e, err := event.New(event.Typing, typingEvent{t.ConversationID, t.user, t.Kind, *t.On}, hearers...)
	if err != nil {
		return err
	}
	return h.bus.Publish(ctx, e)
}

// hearing is the question who hears user in a conversation.
type hearing struct {
	user           uint64
	conversationID string
}

func newHeard() *expirable.LRU[hearing, []uint64] {
	return expirable.NewLRU[hearing, []uint64](hearersKept, nil, hearersLast)
}

// forgetHearers has it asked again who of a and b hears the other.
func (h *Hub) forgetHearers(a, b uint64) {
	id := wire.PrivateID(min(a, b), max(a, b))
	h.heardBy.Remove(hearing{a, id})
	h.heardBy.Remove(hearing{b, id})
}

// forgetTypist has it asked again who hears user in a group.
func (h *Hub) forgetTypist(group, user uint64) {
	h.heardBy.Remove(hearing{user, wire.GroupID(group)})
}

// hearers answers q as Hearers did, at most hearersLast ago.
func (h *Hub) hearers(ctx context.Context, q hearing) ([]uint64, error) {
	if known, ok := h.heardBy.Get(q); ok {
		return known, nil
	}
	list, err := h.Hearers(ctx, q.user, q.conversationID)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(slices.Clone(list), func(u uint64) bool { return u == q.user })
	h.heardBy.Add(q, list)
	return list, nil
}
