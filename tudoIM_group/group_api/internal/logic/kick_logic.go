package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
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

// Put a member out
func (l *KickLogic) Kick(req *types.KickRequest) error {
	_, err := l.svcCtx.Groups.Kick(l.ctx, &group_rpc.MemberRequest{UserId: token.From(l.ctx).UserID, GroupId: req.ID, MemberId: req.MemberID})
	return err
}
