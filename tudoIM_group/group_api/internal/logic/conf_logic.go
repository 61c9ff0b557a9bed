package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
)

// ConfLogic serves one request.
type ConfLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewConfLogic(ctx context.Context, svcCtx *svc.ServiceContext) *ConfLogic {
	return &ConfLogic{ctx: ctx, svcCtx: svcCtx}
}

// How I have a group
func (l *ConfLogic) Conf(req *types.ConfRequest) (resp *types.Conf, err error) {
	return resp, errs.Internal
}
