package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
)

// JoinByLinkLogic serves one request.
type JoinByLinkLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewJoinByLinkLogic(ctx context.Context, svcCtx *svc.ServiceContext) *JoinByLinkLogic {
	return &JoinByLinkLogic{ctx: ctx, svcCtx: svcCtx}
}

// Join by a link
func (l *JoinByLinkLogic) JoinByLink(req *types.LinkRequest) (resp *types.JoinResponse, err error) {
	return resp, errs.Internal
}
