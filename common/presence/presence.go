// Package presence tells who is connected. Every node that holds sockets of a
// user keeps a lease on the user in Redis; who has a lease that was renewed
// lately is online. Nothing but presence hangs on it: what Redis forgets is
// back with the next renewal.
package presence

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
)

const (
	// RenewEvery is how often a node renews its leases.
	RenewEvery = 25 * time.Second
	// valid is the age at which a lease is nobody's: its node has gone without
	// a word.
	valid = 75 * time.Second
	// kept is how long Redis keeps the leases on a user, and seenKept when the
	// user was last seen.
	kept     = 90 * time.Second
	seenKept = 30 * 24 * time.Hour
	// wait bounds one talk with Redis: presence is not worth more.
	wait = 500 * time.Millisecond
	// perTalk is how many users one talk is about.
	perTalk = 500
)

// State is what is known of a user. The zero State is offline and never seen.
type State struct {
	IsOnline bool
	// Platforms are those of the user's sockets, sorted, each once.
	Platforms []string
	// LastSeenAt is in Unix milliseconds: when the last socket went, or for
	// who is online when that was last confirmed.
	LastSeenAt int64
}

// Same reports whether s and o look the same to who is told of changes.
func (s State) Same(o State) bool {
	return s.IsOnline == o.IsOnline && slices.Equal(s.Platforms, o.Platforms)
}

// lease is one node's word that it holds sockets of a user.
type lease struct {
	Platforms []string `json:"platforms"`
	At        int64    `json:"at"`
}

// Keys of one user share a hash tag, as all keys that go together do.
func onKey(user uint64) string   { return "tudo:on:{" + strconv.FormatUint(user, 10) + "}" }
func seenKey(user uint64) string { return "tudo:seen:{" + strconv.FormatUint(user, 10) + "}" }

// Read returns the states of users; those of whom nothing is known have the
// zero State. With an error everybody has.
func Read(ctx context.Context, rdb redis.UniversalClient, users ...uint64) (map[uint64]State, error) {
	found := make(map[uint64]State, len(users))
	for part := range slices.Chunk(users, perTalk) {
		if err := read(ctx, rdb, time.Now(), part, found); err != nil {
			return map[uint64]State{}, fmt.Errorf("presence: %w", err)
		}
	}
	return found, nil
}

func read(ctx context.Context, rdb redis.UniversalClient, now time.Time, users []uint64, found map[uint64]State) error {
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	pipe := rdb.Pipeline()
	leases := make([]*redis.MapStringStringCmd, len(users))
	seen := make([]*redis.StringCmd, len(users))
	for i, u := range users {
		leases[i], seen[i] = pipe.HGetAll(ctx, onKey(u)), pipe.Get(ctx, seenKey(u))
	}
	if _, err := pipe.Exec(ctx); err != nil && !errors.Is(err, redis.Nil) {
		return err
	}
	for i, u := range users {
		if err := leases[i].Err(); err != nil {
			return err
		}
		s := state(leases[i].Val(), now)
		if !s.IsOnline {
			s.LastSeenAt, _ = seen[i].Int64() // absent, or not ours
		}
		found[u] = s
	}
	return nil
}

// state is what the leases of all nodes on a user come to at now.
func state(leases map[string]string, now time.Time) State {
	var s State
	for _, raw := range leases {
		var l lease
		if json.Unmarshal([]byte(raw), &l) != nil || now.Sub(time.UnixMilli(l.At)) > valid {
			continue
		}
		s.IsOnline = true
		s.Platforms = append(s.Platforms, l.Platforms...)
		s.LastSeenAt = max(s.LastSeenAt, l.At)
	}
	slices.Sort(s.Platforms)
	s.Platforms = slices.Compact(s.Platforms)
	return s
}

// Leases are one node's.
type Leases struct {
	rdb  redis.UniversalClient
	node string
}

// NewLeases returns the leases of the node called node, whose name no other has.
func NewLeases(rdb redis.UniversalClient, node string) *Leases { return &Leases{rdb, node} }

// Set takes or renews the leases on users, given with the platforms of their
// sockets.
func (l *Leases) Set(ctx context.Context, now time.Time, users map[uint64][]string) error {
	return l.set(ctx, now, now, users)
}

// Fade leaves the leases on users to nobody: they end in left by themselves.
func (l *Leases) Fade(ctx context.Context, now time.Time, left time.Duration, users map[uint64][]string) error {
	return l.set(ctx, now, now.Add(left-valid), users)
}

func (l *Leases) set(ctx context.Context, now, at time.Time, users map[uint64][]string) error {
	return talk(ctx, l.rdb, users, func(ctx context.Context, pipe redis.Pipeliner, user uint64) error {
		body, err := json.Marshal(lease{users[user], at.UnixMilli()})
		if err != nil {
			return err
		}
		pipe.HSet(ctx, onKey(user), l.node, body)
		pipe.Expire(ctx, onKey(user), kept)
		pipe.Set(ctx, seenKey(user), now.UnixMilli(), seenKept)
		return nil
	})
}

// Remove gives the leases on users up, given with when the last socket went,
// in Unix milliseconds.
func (l *Leases) Remove(ctx context.Context, users map[uint64]int64) error {
	return talk(ctx, l.rdb, users, func(ctx context.Context, pipe redis.Pipeliner, user uint64) error {
		pipe.HDel(ctx, onKey(user), l.node)
		pipe.Set(ctx, seenKey(user), users[user], seenKept)
		return nil
	})
}

// talk queues say for each user, some hundred in one pipeline. It ends with
// the first that fails: with Redis away all would.
func talk[V any](ctx context.Context, rdb redis.UniversalClient, users map[uint64]V, say func(context.Context, redis.Pipeliner, uint64) error) error {
	for part := range slices.Chunk(slices.Sorted(maps.Keys(users)), perTalk) {
		if err := talkOf(ctx, rdb, part, say); err != nil {
			return fmt.Errorf("leases: %w", err)
		}
	}
	return nil
}

func talkOf(ctx context.Context, rdb redis.UniversalClient, users []uint64, say func(context.Context, redis.Pipeliner, uint64) error) error {
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	pipe := rdb.Pipeline()
	for _, u := range users {
		if err := say(ctx, pipe, u); err != nil {
			return err
		}
	}
	_, err := pipe.Exec(ctx)
	return err
}
