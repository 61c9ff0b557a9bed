package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// InviteLogic serves one request.
type InviteLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewInviteLogic(ctx context.Context, svcCtx *svc.ServiceContext) *InviteLogic {
	return &InviteLogic{ctx: ctx, svcCtx: svcCtx}
}

// Invite brings friends of user_id in, or asks the admins to.
func (l *InviteLogic) Invite(in *group_rpc.InviteRequest) (*group_rpc.InviteResponse, error) {
	return nil, errs.Internal
}
