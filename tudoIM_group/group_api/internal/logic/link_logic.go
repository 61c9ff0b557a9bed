package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
)

// LinkLogic serves one request.
type LinkLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewLinkLogic(ctx context.Context, svcCtx *svc.ServiceContext) *LinkLogic {
	return &LinkLogic{ctx: ctx, svcCtx: svcCtx}
}

// Where a link leads
func (l *LinkLogic) Link(req *types.LinkRequest) (resp *types.Link, err error) {
	return resp, errs.Internal
}
