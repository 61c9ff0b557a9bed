package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_user/user_rpc/internal/svc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// WatchersLogic serves one request.
type WatchersLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewWatchersLogic(ctx context.Context, svcCtx *svc.ServiceContext) *WatchersLogic {
	return &WatchersLogic{ctx: ctx, svcCtx: svcCtx}
}

// Watchers tells who may see a user's presence: Watchable, the other way round.
func (l *WatchersLogic) Watchers(in *user_rpc.WatchersRequest) (*user_rpc.WatchersResponse, error) {
	if len(in.WatcherIds) > maxWatched {
		return nil, errs.BadArgument("watcherIds")
	}
	shows, err := l.svcCtx.Users.Shows(l.ctx, in.UserId)
	if err != nil {
		return nil, err
	}
	may := map[uint64]bool{in.UserId: in.UserId != 0}
	if shows[in.UserId] {
		list, err := l.svcCtx.Friends.With(l.ctx, in.UserId, in.WatcherIds)
		if err != nil {
			return nil, err
		}
		for _, f := range list {
			may[f.Peer(in.UserId)] = f.MayWatch()
		}
	}
	resp := &user_rpc.WatchersResponse{}
	for _, id := range in.WatcherIds {
		if may[id] {
			resp.WatcherIds = append(resp.WatcherIds, id)
			delete(may, id) // told once
		}
	}
	return resp, nil
}
