package logic

import (
	"context"

	"github.com/redis/go-redis/v9"
	"github.com/zeromicro/go-zero/core/logx"

	"tudoIM/common/presence"
	"tudoIM/tudoIM_user/user_rpc/internal/model"
	"tudoIM/tudoIM_user/user_rpc/internal/svc"
)

// watchable returns those of user's friends in list whose presence user may
// see: they show it, and neither blocks the other.
func watchable(ctx context.Context, s *svc.ServiceContext, user uint64, list ...*model.FriendModel) (map[uint64]bool, error) {
	var ids []uint64
	for _, f := range list {
		if f.MayWatch() {
			ids = append(ids, f.Peer(user))
		}
	}
	return s.Users.Shows(ctx, ids...)
}

// online tells which of user's friends in list are online, as far as is known
// and user may see it. Nobody is while Redis is away.
func online(ctx context.Context, s *svc.ServiceContext, user uint64, list ...*model.FriendModel) (map[uint64]bool, error) {
	shown, err := watchable(ctx, s, user, list...)
	if err != nil || len(shown) == 0 {
		return nil, err
	}
	ids := make([]uint64, 0, len(shown))
	for id := range shown {
		ids = append(ids, id)
	}
	return connected(ctx, s.Redis, ids...), nil
}

// connected returns those of ids that have a socket somewhere.
func connected(ctx context.Context, rdb redis.UniversalClient, ids ...uint64) map[uint64]bool {
	states, err := presence.Read(ctx, rdb, ids...)
	if err != nil {
		logx.WithContext(ctx).Errorf("users are shown offline: %v", err)
	}
	found := map[uint64]bool{}
	for id, s := range states {
		if s.IsOnline {
			found[id] = true
		}
	}
	return found
}
