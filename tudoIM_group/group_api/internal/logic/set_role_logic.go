package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// SetRoleLogic serves one request.
type SetRoleLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewSetRoleLogic(ctx context.Context, svcCtx *svc.ServiceContext) *SetRoleLogic {
	return &SetRoleLogic{ctx: ctx, svcCtx: svcCtx}
}

// Make a member an admin, or none
func (l *SetRoleLogic) SetRole(req *types.RoleRequest) error {
	_, err := l.svcCtx.Groups.SetRole(l.ctx, &group_rpc.RoleRequest{UserId: token.From(l.ctx).UserID, GroupId: req.ID, MemberId: req.MemberID, Role: req.Role})
	return err
}
