package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
)

// DeleteLinkLogic serves one request.
type DeleteLinkLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewDeleteLinkLogic(ctx context.Context, svcCtx *svc.ServiceContext) *DeleteLinkLogic {
	return &DeleteLinkLogic{ctx: ctx, svcCtx: svcCtx}
}

// End a link
func (l *DeleteLinkLogic) DeleteLink(req *types.LinkRequest) error {
	return errs.Internal
}
