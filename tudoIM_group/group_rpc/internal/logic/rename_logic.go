package logic

import (
	"context"

	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// RenameLogic serves one request.
type RenameLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewRenameLogic(ctx context.Context, svcCtx *svc.ServiceContext) *RenameLogic {
	return &RenameLogic{ctx: ctx, svcCtx: svcCtx}
}

// Rename gives a member a name in the group.
func (l *RenameLogic) Rename(in *group_rpc.RenameRequest) (*group_rpc.DoneResponse, error) {
	member := in.MemberId
	if member == 0 {
		member = in.UserId
	}
	return done(l.ctx, l.svcCtx, in.UserId)(l.svcCtx.Groups.Rename(l.ctx, in.GroupId, in.UserId, member, in.Nickname))
}
