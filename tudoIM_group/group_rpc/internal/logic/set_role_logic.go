package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_rpc/internal/svc"
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

// SetRole makes a member an admin, or none; only the owner may.
func (l *SetRoleLogic) SetRole(in *group_rpc.RoleRequest) (*group_rpc.DoneResponse, error) {
	return nil, errs.Internal
}
