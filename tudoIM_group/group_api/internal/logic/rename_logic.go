package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
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

// Give a member, or myself, a name in the group
func (l *RenameLogic) Rename(req *types.RenameRequest) error {
	_, err := l.svcCtx.Groups.Rename(l.ctx, &group_rpc.RenameRequest{UserId: token.From(l.ctx).UserID, GroupId: req.ID, MemberId: req.MemberID, Nickname: req.Nickname})
	return err
}
