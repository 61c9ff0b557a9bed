package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
)

// SetConfLogic serves one request.
type SetConfLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewSetConfLogic(ctx context.Context, svcCtx *svc.ServiceContext) *SetConfLogic {
	return &SetConfLogic{ctx: ctx, svcCtx: svcCtx}
}

// Change how I have a group; only the keys present change
func (l *SetConfLogic) SetConf(req *types.SetConfRequest) (resp *types.Conf, err error) {
	return resp, errs.Internal
}
