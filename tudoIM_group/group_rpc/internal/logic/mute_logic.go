package logic

import (
	"context"

	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// MuteLogic serves one request.
type MuteLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewMuteLogic(ctx context.Context, svcCtx *svc.ServiceContext) *MuteLogic {
	return &MuteLogic{ctx: ctx, svcCtx: svcCtx}
}

// Mute keeps a member from sending for a time.
func (l *MuteLogic) Mute(in *group_rpc.MuteRequest) (*group_rpc.DoneResponse, error) {
	return done(l.ctx, l.svcCtx, in.UserId)(l.svcCtx.Groups.Mute(l.ctx, in.GroupId, in.UserId, in.MemberId, in.Minutes))
}
