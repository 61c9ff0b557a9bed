package logic

import (
	"context"

	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// DissolveLogic serves one request.
type DissolveLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewDissolveLogic(ctx context.Context, svcCtx *svc.ServiceContext) *DissolveLogic {
	return &DissolveLogic{ctx: ctx, svcCtx: svcCtx}
}

// Dissolve ends a group for ever.
func (l *DissolveLogic) Dissolve(in *group_rpc.DissolveRequest) (*group_rpc.DoneResponse, error) {
	operator := in.UserId
	if in.BySite {
		operator = 0 // members are not told who
	}
	return done(l.ctx, l.svcCtx, operator)(l.svcCtx.Groups.Dissolve(l.ctx, in.GroupId, in.UserId, in.BySite))
}
