package logic

import (
	"context"

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
	list, count, err := l.svcCtx.Friends.List(l.ctx, in.UserId, in.Key, in.Page, in.Limit)
	if err != nil {
		return nil, err
	}
	found, err := friends(l.ctx, l.svcCtx, in.UserId, list...)
	if err != nil {
		return nil, err
	}
	return &user_rpc.FriendsResponse{List: found, Count: count}, nil
}
