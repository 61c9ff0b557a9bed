package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_user/user_rpc/internal/svc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// CheckFriendsLogic serves one request.
type CheckFriendsLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewCheckFriendsLogic(ctx context.Context, svcCtx *svc.ServiceContext) *CheckFriendsLogic {
	return &CheckFriendsLogic{ctx: ctx, svcCtx: svcCtx}
}

func (l *CheckFriendsLogic) CheckFriends(in *user_rpc.CheckFriendsRequest) (*user_rpc.CheckFriendsResponse, error) {
	return nil, errs.Internal
}
