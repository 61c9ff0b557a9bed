package logic

import (
	"context"
	"fmt"

	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
	"tudoIM/tudoIM_user/user_rpc/admin"
)

// SetStatusLogic serves one request.
type SetStatusLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewSetStatusLogic(ctx context.Context, svcCtx *svc.ServiceContext) *SetStatusLogic {
	return &SetStatusLogic{ctx: ctx, svcCtx: svcCtx}
}

// Suspend a group, or bring it back; for administrators
func (l *SetStatusLogic) SetStatus(req *types.SetStatusRequest) error {
	return admin.Act(l.ctx, l.svcCtx.Users, "group.status", req.ID, fmt.Sprintf("status %d", req.Status), func(me uint64) error {
		_, err := l.svcCtx.Groups.SetStatus(l.ctx, &group_rpc.SetStatusRequest{OperatorId: me, GroupId: req.ID, Status: req.Status})
		return err
	})
}
