package logic

import (
	"context"

	"tudoIM/tudoIM_user/user_rpc/internal/svc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// CheckFriendLogic serves one request.
type CheckFriendLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewCheckFriendLogic(ctx context.Context, svcCtx *svc.ServiceContext) *CheckFriendLogic {
	return &CheckFriendLogic{ctx: ctx, svcCtx: svcCtx}
}

// CheckFriend tells what is between user_id and peer_id.
func (l *CheckFriendLogic) CheckFriend(in *user_rpc.PairRequest) (*user_rpc.CheckFriendResponse, error) {
	pair, err := l.svcCtx.Friends.Pair(l.ctx, in.UserId, in.PeerId)
	if err != nil {
		return nil, err
	}
	friends, err := l.svcCtx.Friends.Among(l.ctx, in.UserId, []uint64{in.PeerId})
	if err != nil {
		return nil, err
	}
	return &user_rpc.CheckFriendResponse{IsFriend: friends[in.PeerId], BlockedByMe: pair.Of(in.UserId).Blocks}, nil
}
