package logic

import (
	"context"

	"tudoIM/common/errs"
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

func (l *FriendsLogic) Friends(in *user_rpc.FriendsRequest) (*user_rpc.FriendsResponse, error) {
	return nil, errs.Internal
}
