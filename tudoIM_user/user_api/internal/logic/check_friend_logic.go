package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_user/user_api/internal/svc"
	"tudoIM/tudoIM_user/user_api/internal/types"
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

// What is between a user and me
func (l *CheckFriendLogic) CheckFriend(req *types.CheckFriendRequest) (resp *types.CheckFriendResponse, err error) {
	is, err := l.svcCtx.Users.CheckFriend(l.ctx, &user_rpc.PairRequest{UserId: token.From(l.ctx).UserID, PeerId: req.UserID})
	if err != nil {
		return nil, err
	}
	return &types.CheckFriendResponse{IsFriend: is.IsFriend, BlockedByMe: is.BlockedByMe}, nil
}
