package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
)

// ConfirmedLogic serves one request.
type ConfirmedLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewConfirmedLogic(ctx context.Context, svcCtx *svc.ServiceContext) *ConfirmedLogic {
	return &ConfirmedLogic{ctx: ctx, svcCtx: svcCtx}
}

// Who has taken note
func (l *ConfirmedLogic) Confirmed(req *types.ConfirmedRequest) (resp *types.ConfirmedResponse, err error) {
	return resp, errs.Internal
}
