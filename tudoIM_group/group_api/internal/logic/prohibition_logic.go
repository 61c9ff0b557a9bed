package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
)

// ProhibitionLogic serves one request.
type ProhibitionLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewProhibitionLogic(ctx context.Context, svcCtx *svc.ServiceContext) *ProhibitionLogic {
	return &ProhibitionLogic{ctx: ctx, svcCtx: svcCtx}
}

// Keep a member from sending for a time
func (l *ProhibitionLogic) Prohibition(req *types.ProhibitionRequest) error {
	return errs.Internal
}
