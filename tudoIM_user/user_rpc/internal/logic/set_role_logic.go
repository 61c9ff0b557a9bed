package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_user/user_rpc/internal/svc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// SetRoleLogic serves one request.
type SetRoleLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewSetRoleLogic(ctx context.Context, svcCtx *svc.ServiceContext) *SetRoleLogic {
	return &SetRoleLogic{ctx: ctx, svcCtx: svcCtx}
}

// SetRole makes a user an administrator, or none. Errors as with SetStatus.
func (l *SetRoleLogic) SetRole(in *user_rpc.SetRoleRequest) (*user_rpc.SetRoleResponse, error) {
	return nil, errs.Internal
}
