package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_user/user_api/internal/svc"
	"tudoIM/tudoIM_user/user_api/internal/types"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// FriendLogic serves one request.
type FriendLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewFriendLogic(ctx context.Context, svcCtx *svc.ServiceContext) *FriendLogic {
	return &FriendLogic{ctx: ctx, svcCtx: svcCtx}
}

// One friend
func (l *FriendLogic) Friend(req *types.FriendRequest) (resp *types.Friend, err error) {
	found, err := l.svcCtx.Users.FriendOf(l.ctx, &user_rpc.PairRequest{UserId: token.From(l.ctx).UserID, PeerId: req.ID})
	if err != nil {
		return nil, err
	}
	f := friend(found)
	return &f, nil
}
