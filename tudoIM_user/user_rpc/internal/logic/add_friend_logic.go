package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_user/user_rpc/internal/svc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// AddFriendLogic serves one request.
type AddFriendLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewAddFriendLogic(ctx context.Context, svcCtx *svc.ServiceContext) *AddFriendLogic {
	return &AddFriendLogic{ctx: ctx, svcCtx: svcCtx}
}

// AddFriend asks for friendship, or makes it at once where the other side's
func (l *AddFriendLogic) AddFriend(in *user_rpc.AddFriendRequest) (*user_rpc.AddFriendResponse, error) {
	return nil, errs.Internal
}
