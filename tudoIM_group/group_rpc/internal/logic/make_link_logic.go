package logic

import (
	"context"

	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// MakeLinkLogic serves one request.
type MakeLinkLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewMakeLinkLogic(ctx context.Context, svcCtx *svc.ServiceContext) *MakeLinkLogic {
	return &MakeLinkLogic{ctx: ctx, svcCtx: svcCtx}
}

// MakeLink returns a link that lets in who has it.
func (l *MakeLinkLogic) MakeLink(in *group_rpc.MakeLinkRequest) (*group_rpc.Link, error) {
	k, err := l.svcCtx.Groups.MakeLink(l.ctx, in.GroupId, in.UserId, in.ExpireAt, in.MaxUses)
	if err != nil {
		return nil, err
	}
	return &group_rpc.Link{Code: k.Code, GroupId: k.GroupID, ExpireAt: k.ExpireAt, MaxUses: k.MaxUses, IsInGroup: true}, nil
}
