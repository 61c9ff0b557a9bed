package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// MineLogic serves one request.
type MineLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewMineLogic(ctx context.Context, svcCtx *svc.ServiceContext) *MineLogic {
	return &MineLogic{ctx: ctx, svcCtx: svcCtx}
}

// Mine returns a page of the groups of user_id.
func (l *MineLogic) Mine(in *group_rpc.MineRequest) (*group_rpc.GroupsResponse, error) {
	return nil, errs.Internal
}
