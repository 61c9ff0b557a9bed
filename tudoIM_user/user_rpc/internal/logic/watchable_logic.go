package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_user/user_rpc/internal/svc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// WatchableLogic serves one request.
type WatchableLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewWatchableLogic(ctx context.Context, svcCtx *svc.ServiceContext) *WatchableLogic {
	return &WatchableLogic{ctx: ctx, svcCtx: svcCtx}
}

// maxWatched is how many users one call may ask about.
const maxWatched = 200

// Watchable tells whose presence a user may see.
func (l *WatchableLogic) Watchable(in *user_rpc.WatchableRequest) (*user_rpc.WatchableResponse, error) {
	if len(in.UserIds) > maxWatched {
		return nil, errs.BadArgument("userIds")
	}
	list, err := l.svcCtx.Friends.With(l.ctx, in.UserId, in.UserIds)
	if err != nil {
		return nil, err
	}
	shown, err := watchable(l.ctx, l.svcCtx, in.UserId, list...)
	if err != nil {
		return nil, err
	}
	if in.UserId != 0 {
		shown[in.UserId] = true
	}
	resp := &user_rpc.WatchableResponse{}
	for _, id := range in.UserIds {
		if shown[id] {
			resp.UserIds = append(resp.UserIds, id)
			delete(shown, id) // told once
		}
	}
	return resp, nil
}
