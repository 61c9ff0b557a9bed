package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
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

// Make another member the owner
func (l *TransferLogic) Transfer(req *types.TransferRequest) error {
	_, err := l.svcCtx.Groups.Transfer(l.ctx, &group_rpc.MemberRequest{UserId: token.From(l.ctx).UserID, GroupId: req.ID, MemberId: req.UserID})
	return err
}
