package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
)

// FriendsLogic serves one request.
type FriendsLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewFriendsLogic(ctx context.Context, svcCtx *svc.ServiceContext) *FriendsLogic {
	return &FriendsLogic{ctx: ctx, svcCtx: svcCtx}
}

// My friends, and who of them is in a group
func (l *FriendsLogic) Friends(req *types.FriendsRequest) (resp *types.FriendsResponse, err error) {
	return resp, errs.Internal
}
