package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// DeleteLinkLogic serves one request.
type DeleteLinkLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewDeleteLinkLogic(ctx context.Context, svcCtx *svc.ServiceContext) *DeleteLinkLogic {
	return &DeleteLinkLogic{ctx: ctx, svcCtx: svcCtx}
}

func (l *DeleteLinkLogic) DeleteLink(in *group_rpc.LinkRequest) (*group_rpc.DoneResponse, error) {
	return nil, errs.Internal
}
