package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// JoinByLinkLogic serves one request.
type JoinByLinkLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewJoinByLinkLogic(ctx context.Context, svcCtx *svc.ServiceContext) *JoinByLinkLogic {
	return &JoinByLinkLogic{ctx: ctx, svcCtx: svcCtx}
}

func (l *JoinByLinkLogic) JoinByLink(in *group_rpc.LinkRequest) (*group_rpc.JoinResponse, error) {
	return nil, errs.Internal
}
