package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
)

// InviteLogic serves one request.
type InviteLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewInviteLogic(ctx context.Context, svcCtx *svc.ServiceContext) *InviteLogic {
	return &InviteLogic{ctx: ctx, svcCtx: svcCtx}
}

// Bring friends in
func (l *InviteLogic) Invite(req *types.InviteRequest) (resp *types.InviteResponse, err error) {
	return resp, errs.Internal
}
