package logic

import (
	"context"
	"fmt"

	"tudoIM/tudoIM_user/user_api/internal/svc"
	"tudoIM/tudoIM_user/user_api/internal/types"
	"tudoIM/tudoIM_user/user_rpc/admin"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// SetStatusLogic serves one request.
type SetStatusLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewSetStatusLogic(ctx context.Context, svcCtx *svc.ServiceContext) *SetStatusLogic {
	return &SetStatusLogic{ctx: ctx, svcCtx: svcCtx}
}

// Put an account out of use, which ends its sessions, or in use again
func (l *SetStatusLogic) SetStatus(req *types.SetStatusRequest) error {
	return admin.Act(l.ctx, l.svcCtx.Users, "user.status", req.ID, fmt.Sprintf("disabled %t", req.Disabled), func(me uint64) error {
		_, err := l.svcCtx.Users.SetStatus(l.ctx, &user_rpc.SetStatusRequest{OperatorId: me, UserId: req.ID, Disabled: req.Disabled})
		return err
	})
}
