package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// AllLogic serves one request.
type AllLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewAllLogic(ctx context.Context, svcCtx *svc.ServiceContext) *AllLogic {
	return &AllLogic{ctx: ctx, svcCtx: svcCtx}
}

// What follows is for administrators of the site; who calls has judged them.
func (l *AllLogic) All(in *group_rpc.AllRequest) (*group_rpc.GroupsResponse, error) {
	return nil, errs.Internal
}
