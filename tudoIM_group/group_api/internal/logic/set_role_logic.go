package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
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
	return errs.Internal
}
