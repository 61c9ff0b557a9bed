// Package people remembers what users look like, for the edge that shows
// messages and conversations with nicknames and avatars.
package people

import (
	"context"
	"time"

	"github.com/hashicorp/golang-lru/v2/expirable"

	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
	"tudoIM/tudoIM_user/user_rpc/user"
)

const (
	// remembered bounds the profiles a node keeps, lasting how long it shows
	// an old nickname at most when it missed the news.
	remembered = 50_000
	lasting    = 30 * time.Second
	// perCall is the most profiles user_rpc answers at once.
	perCall = 200
)

// People is a cache of profiles over user_rpc.
type People struct {
	users user.User
	seen  *expirable.LRU[uint64, *user_rpc.Profile]
}

// New returns an empty cache over users.
func New(users user.User) *People {
	return &People{users: users, seen: expirable.NewLRU[uint64, *user_rpc.Profile](remembered, nil, lasting)}
}

// Get returns the profiles of ids. Users that do not exist, and all unknown
// ones while user_rpc does not answer, have an empty profile with their id.
func (p *People) Get(ctx context.Context, ids ...uint64) (map[uint64]*user_rpc.Profile, error) {
	found := make(map[uint64]*user_rpc.Profile, len(ids))
	var unknown []uint64
	for _, id := range ids {
		if _, ok := found[id]; ok {
			continue
		}
		profile, ok := p.seen.Get(id)
		if !ok {
			unknown = append(unknown, id)
			profile = &user_rpc.Profile{UserId: id}
		}
		found[id] = profile
	}
	for len(unknown) > 0 {
		n := min(len(unknown), perCall)
		resp, err := p.users.Profiles(ctx, &user_rpc.ProfilesRequest{UserIds: unknown[:n]})
		if err != nil {
			return found, err
		}
		for _, profile := range resp.List {
			p.seen.Add(profile.UserId, profile)
			found[profile.UserId] = profile
		}
		unknown = unknown[n:]
	}
	return found, nil
}

// Known returns the profiles of ids that are in the cache.
func (p *People) Known(ids ...uint64) map[uint64]*user_rpc.Profile {
	found := make(map[uint64]*user_rpc.Profile, len(ids))
	for _, id := range ids {
		if profile, ok := p.seen.Get(id); ok {
			found[id] = profile
		}
	}
	return found
}

// Forget drops what is known of a user, because it changed.
func (p *People) Forget(id uint64) { p.seen.Remove(id) }
