package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
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
	// A change of nothing answers what is set.
	c, err := l.svcCtx.Groups.SetConf(l.ctx, &group_rpc.SetConfRequest{UserId: token.From(l.ctx).UserID, GroupId: req.ID})
	return conf(c), err
}
