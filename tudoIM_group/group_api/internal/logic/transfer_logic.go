package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
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
	return errs.Internal
}
