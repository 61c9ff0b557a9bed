package logic

import (
	"context"

	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// ShowsLogic serves one request.
type ShowsLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewShowsLogic(ctx context.Context, svcCtx *svc.ServiceContext) *ShowsLogic {
	return &ShowsLogic{ctx: ctx, svcCtx: svcCtx}
}

// Shows tells whether a group that is not dissolved has this avatar.
func (l *ShowsLogic) Shows(in *group_rpc.ShowsRequest) (*group_rpc.ShowsResponse, error) {
	shows, err := l.svcCtx.Groups.Shows(l.ctx, in.Avatar)
	return &group_rpc.ShowsResponse{Shows: shows}, err
}
