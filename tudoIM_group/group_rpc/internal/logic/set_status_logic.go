package logic

import (
	"context"

	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// SetStatusLogic serves one request.
type SetStatusLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewSetStatusLogic(ctx context.Context, svcCtx *svc.ServiceContext) *SetStatusLogic {
	return &SetStatusLogic{ctx: ctx, svcCtx: svcCtx}
}

// SetStatus suspends a group, or brings it back.
func (l *SetStatusLogic) SetStatus(in *group_rpc.SetStatusRequest) (*group_rpc.DoneResponse, error) {
	return done(l.ctx, l.svcCtx, 0)(l.svcCtx.Groups.SetStatus(l.ctx, in.GroupId, in.Status))
}
