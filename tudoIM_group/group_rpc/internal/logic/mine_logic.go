package logic

import (
	"context"

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
	list, count, err := l.svcCtx.Groups.Mine(l.ctx, in.UserId, in.Mode, in.Page, in.Limit)
	if err != nil {
		return nil, err
	}
	return groups(l.ctx, l.svcCtx, in.UserId, list, count)
}
