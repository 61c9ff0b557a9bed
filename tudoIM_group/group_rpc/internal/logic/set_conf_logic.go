package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// SetConfLogic serves one request.
type SetConfLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewSetConfLogic(ctx context.Context, svcCtx *svc.ServiceContext) *SetConfLogic {
	return &SetConfLogic{ctx: ctx, svcCtx: svcCtx}
}

// SetConf changes how user_id has a group.
func (l *SetConfLogic) SetConf(in *group_rpc.SetConfRequest) (*group_rpc.Conf, error) {
	return nil, errs.Internal
}
