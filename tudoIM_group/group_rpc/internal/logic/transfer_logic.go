package logic

import (
	"context"

	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// TransferLogic serves one request.
type TransferLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewTransferLogic(ctx context.Context, svcCtx *svc.ServiceContext) *TransferLogic {
	return &TransferLogic{ctx: ctx, svcCtx: svcCtx}
}

// Transfer makes a member the owner, and the owner an admin.
func (l *TransferLogic) Transfer(in *group_rpc.MemberRequest) (*group_rpc.DoneResponse, error) {
	return done(l.ctx, l.svcCtx, in.UserId)(l.svcCtx.Groups.Transfer(l.ctx, in.GroupId, in.UserId, in.MemberId))
}
