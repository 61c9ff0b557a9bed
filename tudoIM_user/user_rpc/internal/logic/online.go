package logic

import (
	"context"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/zeromicro/go-zero/core/logx"

	"tudoIM/common/event"
	"tudoIM/tudoIM_user/user_rpc/internal/model"
	"tudoIM/tudoIM_user/user_rpc/internal/svc"
)

// onlineWait bounds the question who is online: no answer is worth more.
const onlineWait = 500 * time.Millisecond

// online tells which of user's friends in list are online, as far as is known
// and they show it. Where one has blocked the other nobody is, and nobody is
// while Redis is away.
func online(ctx context.Context, s *svc.ServiceContext, user uint64, list ...*model.FriendModel) (map[uint64]bool, error) {
	var ids []uint64
	for _, f := range list {
		if f.IsFriend && !f.Low.Blocks && !f.High.Blocks {
			ids = append(ids, f.Peer(user))
		}
	}
	shows, err := s.Users.Shows(ctx, ids...)
	if err != nil || len(shows) == 0 {
		return nil, err
	}
	ids = ids[:0]
	for id := range shows {
		ids = append(ids, id)
	}
	return connected(ctx, s.Redis, ids...), nil
}

// connected returns those of ids that have a socket somewhere: every node
// listens on the channels of the users it has sockets of, and on no others.
func connected(ctx context.Context, rdb redis.UniversalClient, ids ...uint64) map[uint64]bool {
	found, err := listening(ctx, rdb, ids)
	if err != nil {
		logx.WithContext(ctx).Errorf("users are shown offline: %v", err)
	}
	return found
}

func listening(ctx context.Context, rdb redis.UniversalClient, ids []uint64) (map[uint64]bool, error) {
	ctx, cancel := context.WithTimeout(ctx, onlineWait)
	defer cancel()
	channels := make([]string, len(ids))
	for i, id := range ids {
		channels[i] = event.UserChannel(id)
	}
	var mu sync.Mutex
	found := map[uint64]bool{}
	ask := func(ctx context.Context, c redis.Cmdable) error {
		listeners, err := c.PubSubNumSub(ctx, channels...).Result()
		if err != nil {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		for i, id := range ids {
			if listeners[channels[i]] > 0 {
				found[id] = true
			}
		}
		return nil
	}
	// A server of a cluster knows only who listens at itself.
	if cluster, ok := rdb.(*redis.ClusterClient); ok {
		return found, cluster.ForEachShard(ctx, func(ctx context.Context, c *redis.Client) error { return ask(ctx, c) })
	}
	return found, ask(ctx, rdb)
}
