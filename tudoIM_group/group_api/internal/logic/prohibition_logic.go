package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// ProhibitionLogic serves one request.
type ProhibitionLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewProhibitionLogic(ctx context.Context, svcCtx *svc.ServiceContext) *ProhibitionLogic {
	return &ProhibitionLogic{ctx: ctx, svcCtx: svcCtx}
}

// Keep a member from sending for a time
func (l *ProhibitionLogic) Prohibition(req *types.ProhibitionRequest) error {
	_, err := l.svcCtx.Groups.Mute(l.ctx, &group_rpc.MuteRequest{UserId: token.From(l.ctx).UserID, GroupId: req.ID, MemberId: req.MemberID, Minutes: req.Minutes})
	return err
}
