package logic

import (
	"context"

	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// KickLogic serves one request.
type KickLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewKickLogic(ctx context.Context, svcCtx *svc.ServiceContext) *KickLogic {
	return &KickLogic{ctx: ctx, svcCtx: svcCtx}
}

// Kick puts a member out.
func (l *KickLogic) Kick(in *group_rpc.MemberRequest) (*group_rpc.DoneResponse, error) {
	return done(l.ctx, l.svcCtx, in.UserId)(l.svcCtx.Groups.Kick(l.ctx, in.GroupId, in.UserId, in.MemberId))
}
