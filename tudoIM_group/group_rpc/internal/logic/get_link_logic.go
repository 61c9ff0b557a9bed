package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// GetLinkLogic serves one request.
type GetLinkLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewGetLinkLogic(ctx context.Context, svcCtx *svc.ServiceContext) *GetLinkLogic {
	return &GetLinkLogic{ctx: ctx, svcCtx: svcCtx}
}

// Links are known to who has the code: error 50018 for one that is dead.
func (l *GetLinkLogic) GetLink(in *group_rpc.LinkRequest) (*group_rpc.Link, error) {
	return nil, errs.Internal
}
