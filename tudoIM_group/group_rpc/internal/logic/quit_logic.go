package logic

import (
	"context"

	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// QuitLogic serves one request.
type QuitLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewQuitLogic(ctx context.Context, svcCtx *svc.ServiceContext) *QuitLogic {
	return &QuitLogic{ctx: ctx, svcCtx: svcCtx}
}

// Quit leaves a group.
func (l *QuitLogic) Quit(in *group_rpc.OneRequest) (*group_rpc.DoneResponse, error) {
	return done(l.ctx, l.svcCtx, in.UserId)(l.svcCtx.Groups.Quit(l.ctx, in.GroupId, in.UserId))
}
