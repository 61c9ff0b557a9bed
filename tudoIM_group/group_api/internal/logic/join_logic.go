package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
)

// JoinLogic serves one request.
type JoinLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewJoinLogic(ctx context.Context, svcCtx *svc.ServiceContext) *JoinLogic {
	return &JoinLogic{ctx: ctx, svcCtx: svcCtx}
}

// Ask to be let in
func (l *JoinLogic) Join(req *types.JoinRequest) (resp *types.JoinResponse, err error) {
	return resp, errs.Internal
}
