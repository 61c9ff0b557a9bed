package logic

import (
	"context"
	"fmt"

	"tudoIM/tudoIM_user/user_api/internal/svc"
	"tudoIM/tudoIM_user/user_api/internal/types"
	"tudoIM/tudoIM_user/user_rpc/admin"
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

// Make a user an administrator, or none
func (l *SetRoleLogic) SetRole(req *types.SetRoleRequest) error {
	return admin.Act(l.ctx, l.svcCtx.Users, "user.role", req.ID, fmt.Sprint("role ", req.Role), func(me uint64) error {
		_, err := l.svcCtx.Users.SetRole(l.ctx, &user_rpc.SetRoleRequest{OperatorId: me, UserId: req.ID, Role: req.Role})
		return err
	})
}
