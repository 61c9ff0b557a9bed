package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
)

// DeleteGroupsLogic serves one request.
type DeleteGroupsLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewDeleteGroupsLogic(ctx context.Context, svcCtx *svc.ServiceContext) *DeleteGroupsLogic {
	return &DeleteGroupsLogic{ctx: ctx, svcCtx: svcCtx}
}

// End groups for ever, each by itself; for administrators
func (l *DeleteGroupsLogic) DeleteGroups(req *types.DeleteGroupsRequest) (resp *types.DeleteGroupsResponse, err error) {
	return resp, errs.Internal
}
