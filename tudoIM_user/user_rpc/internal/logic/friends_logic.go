package logic

import (
	"context"

	"tudoIM/tudoIM_user/user_rpc/internal/model"
	"tudoIM/tudoIM_user/user_rpc/internal/svc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// FriendsLogic serves one request.
type FriendsLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewFriendsLogic(ctx context.Context, svcCtx *svc.ServiceContext) *FriendsLogic {
	return &FriendsLogic{ctx: ctx, svcCtx: svcCtx}
}

// Friends lists the friends of user_id.
func (l *FriendsLogic) Friends(in *user_rpc.FriendsRequest) (*user_rpc.FriendsResponse, error) {
	now := l.svcCtx.DB.Clock.Now(l.ctx) // before what is read
	removed, err := l.svcCtx.Friends.Removed(l.ctx, in.UserId, in.SinceVer, now)
	if err != nil {
		return nil, err
	}
	list, count, err := l.svcCtx.Friends.List(l.ctx, in.UserId, in.Key, in.SinceVer, in.Page, in.Limit)
	if err != nil {
		return nil, err
	}
	found, err := friends(l.ctx, l.svcCtx, in.UserId, list...)
	if err != nil {
		return nil, err
	}
	return &user_rpc.FriendsResponse{List: found, Count: count, Ver: model.ListVer(now), Removed: removed}, nil
}
