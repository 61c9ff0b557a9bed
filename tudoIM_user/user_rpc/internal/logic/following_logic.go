package logic

import (
	"context"
	"errors"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_user/user_rpc/internal/svc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// FollowingLogic serves one request.
type FollowingLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewFollowingLogic(ctx context.Context, svcCtx *svc.ServiceContext) *FollowingLogic {
	return &FollowingLogic{ctx: ctx, svcCtx: svcCtx}
}

// maxFollowed is how many friends a user hears of without asking: the first in
// the list. Who has more may ask for the others.
const maxFollowed = 500

// Following tells of whom a user hears, without asking, that they come and go.
func (l *FollowingLogic) Following(in *user_rpc.FollowingRequest) (*user_rpc.FollowingResponse, error) {
	conf, err := l.svcCtx.Users.Conf(l.ctx, in.UserId)
	if errors.Is(err, errs.NotFound) || err == nil && !conf.FriendOnline {
		return &user_rpc.FollowingResponse{}, nil
	}
	if err != nil {
		return nil, err
	}
	list, err := l.svcCtx.Friends.First(l.ctx, in.UserId, maxFollowed)
	if err != nil {
		return nil, err
	}
	shown, err := watchable(l.ctx, l.svcCtx, in.UserId, list...)
	if err != nil {
		return nil, err
	}
	resp := &user_rpc.FollowingResponse{}
	for _, f := range list {
		id := f.Peer(in.UserId)
		resp.UserIds = append(resp.UserIds, id)
		if shown[id] {
			resp.WatchableIds = append(resp.WatchableIds, id)
		}
	}
	return resp, nil
}
