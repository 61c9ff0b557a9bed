package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_user/user_api/internal/svc"
	"tudoIM/tudoIM_user/user_api/internal/types"
)

// FriendsLogic serves one request.
type FriendsLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewFriendsLogic(ctx context.Context, svcCtx *svc.ServiceContext) *FriendsLogic {
	return &FriendsLogic{ctx: ctx, svcCtx: svcCtx}
}

// My friends
func (l *FriendsLogic) Friends(req *types.FriendsRequest) (resp *types.FriendsResponse, err error) {
	return resp, errs.Internal
}
