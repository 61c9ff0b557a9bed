package logic

import (
	"context"
	"errors"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_user/user_rpc/internal/svc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// FriendOfLogic serves one request.
type FriendOfLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewFriendOfLogic(ctx context.Context, svcCtx *svc.ServiceContext) *FriendOfLogic {
	return &FriendOfLogic{ctx: ctx, svcCtx: svcCtx}
}

// FriendOf returns one friend.
func (l *FriendOfLogic) FriendOf(in *user_rpc.PairRequest) (*user_rpc.Friend, error) {
	pair, err := l.svcCtx.Friends.Pair(l.ctx, in.UserId, in.PeerId)
	if err != nil {
		return nil, err
	}
	if !pair.IsFriend {
		return nil, errs.NotFriends
	}
	if _, err := l.svcCtx.Users.ByID(l.ctx, in.PeerId); errors.Is(err, errs.NotFound) {
		return nil, errs.NotFriends // the account was closed
	} else if err != nil {
		return nil, err
	}
	found, err := friends(l.ctx, l.svcCtx, in.UserId, pair)
	if err != nil {
		return nil, err
	}
	return found[0], nil
}
