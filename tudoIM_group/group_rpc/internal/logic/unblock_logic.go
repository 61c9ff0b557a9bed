package logic

import (
	"context"

	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// UnblockLogic serves one request.
type UnblockLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewUnblockLogic(ctx context.Context, svcCtx *svc.ServiceContext) *UnblockLogic {
	return &UnblockLogic{ctx: ctx, svcCtx: svcCtx}
}

// Unblock lets a user in again.
func (l *UnblockLogic) Unblock(in *group_rpc.MemberRequest) (*group_rpc.DoneResponse, error) {
	return done(l.ctx, l.svcCtx, in.UserId)(l.svcCtx.Groups.Unblock(l.ctx, in.GroupId, in.UserId, in.MemberId))
}
