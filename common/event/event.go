// Package event is the bus between the halves that change something and the
// nodes that hold sockets. It is the doorbell, not the letterbox: what it
// loses, clients fetch by sync.
package event

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
	"google.golang.org/protobuf/proto"

	"tudoIM/common/token"
	"tudoIM/common/wire"
)

// perPayload bounds the receivers of one payload.
const perPayload = 50

// macSize is how much of the HMAC-SHA256 a payload carries.
const macSize = 16

// Names of events, as clients see them.
const (
	Message       = "message"
	Kick          = "kick"
	Read          = "read"
	ReadSelf      = "readSelf"
	FriendRequest = "friendRequest"
	FriendHandled = "friendHandled"
	FriendAdded   = "friendAdded"
	FriendDeleted = "friendDeleted"
	FriendUpdated = "friendUpdated"
	UserUpdated   = "userUpdated"
	ConfUpdated   = "confUpdated"
	GroupJoined   = "groupJoined"
	// What happens to a group; its members are told on the group's channel.
	MemberJoined   = "memberJoined"   // somebody came
	MemberLeft     = "memberLeft"     // somebody went; told to who went, too
	MemberUpdated  = "memberUpdated"  // a member has another role, name or right to speak
	GroupUpdated   = "groupUpdated"   // it has another title, rule or owner
	GroupDissolved = "groupDissolved" // it is no more; told to each who was in
	GroupRequest   = "groupRequest"   // somebody asks to come in, or was answered
	GroupNotice    = "groupNotice"    // a notice was put up, changed or taken down
	// What happens to a message.
	Recalled = "recalled"
	Edited   = "edited"
	Deleted  = "deleted"
	Reaction = "reaction"
	Pinned   = "pinned"
	// What a user sets on a conversation, for the own devices.
	SessionUpdated = "sessionUpdated"
	SessionDeleted = "sessionDeleted"
	Presence       = "presence"
	Typing         = "typing"
)

// Pair is not for clients: it tells the nodes that hold sockets that what is
// between its two receivers has changed, or, of its one receiver, what others
// may know.
const Pair = "pair"

// RatesTold is not for clients: it tells the processes that bound rates what
// another one of them has let through.
const RatesTold = "rates"

// Rates is the channel of RatesTold.
const Rates = "tudo:rates"

// Sessions is the channel on which gateways hear of ended sessions.
const Sessions = "tudo:sessions"

// Pairs is the channel of Pair.
const Pairs = "tudo:pairs"

// ErrForged is a payload that does not carry our signature.
var ErrForged = errors.New("event: bad signature")

// UserChannel is the channel of everything that concerns one user.
func UserChannel(user uint64) string { return "tudo:u:" + strconv.FormatUint(user, 10) }

// GroupChannel is the channel of everything that concerns all members of a
// group.
func GroupChannel(group uint64) string { return "tudo:g:" + strconv.FormatUint(group, 10) }

// PresenceChannel is the channel on which the nodes that watch a user hear
// that the user may have come or gone.
func PresenceChannel(user uint64) string { return "tudo:p:" + strconv.FormatUint(user, 10) }

// Bus publishes events.
type Bus struct {
	rdb redis.UniversalClient
	key []byte
}

// NewBus returns a bus over rdb whose payloads are signed with a key made
// from the internal secret.
func NewBus(rdb redis.UniversalClient, secret []byte) *Bus {
	return &Bus{rdb: rdb, key: token.Key(secret, "bus")}
}

// New makes an event for users with data as clients get it.
func New(name string, data any, users ...uint64) (*wire.Event, error) {
	body, err := json.Marshal(data)
	if err != nil {
		return nil, fmt.Errorf("event %s: %w", name, err)
	}
	e := &wire.Event{Name: name, Ts: time.Now().UnixMilli(), Data: body}
	for _, u := range users {
		e.To = append(e.To, &wire.Receiver{UserId: u})
	}
	return e, nil
}

// ToGroup makes an event for the members of a group as of ver, its version read
// after what is told was committed, with data as clients get it.
func ToGroup(name string, data any, group, ver uint64) (*wire.Event, error) {
	e, err := New(name, data)
	if err != nil {
		return nil, err
	}
	e.Group, e.GroupVer = group, ver
	return e, nil
}

// perPipeline bounds the commands that go to Redis at once.
const perPipeline = 4096

// Publish rings the doorbell of every receiver of events, in one pipeline
// unless they are thousands. What is for a group is one payload, however many
// its members are. An error means that some may not have heard.
func (b *Bus) Publish(ctx context.Context, events ...*wire.Event) error {
	pipe := b.rdb.Pipeline()
	flush := func(most int) error {
		if pipe.Len() <= most {
			return nil
		}
		if _, err := pipe.Exec(ctx); err != nil {
			return fmt.Errorf("bus: %w", err)
		}
		return nil
	}
	for _, e := range events {
		if channel := channelOfAll(e); channel != "" {
			payload, err := b.seal(e)
			if err != nil {
				return err
			}
			pipe.Publish(ctx, channel, payload)
			continue
		}
		channel := UserChannel
		if e.Name == Presence {
			channel = PresenceChannel // for who watches the user, not for the user
		}
		// Each receiver gets the list of those it shares a payload with: one for
		// a large group would be its square.
		for to := range slices.Chunk(e.To, perPayload) {
			payload, err := b.seal(&wire.Event{
				Name: e.Name, To: to, Ts: e.Ts, Message: e.Message, MaxSeq: e.MaxSeq, SessionIds: e.SessionIds, Data: e.Data,
			})
			if err != nil {
				return err
			}
			for _, r := range to {
				pipe.Publish(ctx, channel(r.UserId), payload)
			}
			if err := flush(perPipeline); err != nil {
				return err
			}
		}
		if e.Name == Kick {
			payload, err := b.seal(e)
			if err != nil {
				return err
			}
			pipe.Publish(ctx, Sessions, payload)
		}
	}
	return flush(0)
}

// channelOfAll is the one channel of an event that is not told to each of its
// receivers, else "".
func channelOfAll(e *wire.Event) string {
	switch {
	case e.Group != 0:
		return GroupChannel(e.Group)
	case e.Name == Pair:
		return Pairs
	case e.Name == RatesTold:
		return Rates
	}
	return ""
}

func (b *Bus) seal(e *wire.Event) ([]byte, error) {
	buf := make([]byte, macSize, macSize+proto.Size(e))
	buf, err := proto.MarshalOptions{}.MarshalAppend(buf, e)
	if err != nil {
		return nil, fmt.Errorf("event %s: %w", e.Name, err)
	}
	copy(buf, b.mac(buf[macSize:]))
	return buf, nil
}

// open returns the event in payload, or ErrForged.
func (b *Bus) open(payload []byte) (*wire.Event, error) {
	if len(payload) < macSize || !hmac.Equal(payload[:macSize], b.mac(payload[macSize:])) {
		return nil, ErrForged
	}
	e := &wire.Event{}
	if err := proto.Unmarshal(payload[macSize:], e); err != nil {
		return nil, fmt.Errorf("event: %w", err)
	}
	return e, nil
}

func (b *Bus) mac(body []byte) []byte {
	m := hmac.New(sha256.New, b.key)
	m.Write(body)
	return m.Sum(nil)[:macSize]
}
