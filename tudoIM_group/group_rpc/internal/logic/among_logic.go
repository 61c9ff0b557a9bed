package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// AmongLogic serves one request.
type AmongLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewAmongLogic(ctx context.Context, svcCtx *svc.ServiceContext) *AmongLogic {
	return &AmongLogic{ctx: ctx, svcCtx: svcCtx}
}

// Among tells who of some users is in a group that user_id is in.
func (l *AmongLogic) Among(in *group_rpc.AmongRequest) (*group_rpc.AmongResponse, error) {
	return nil, errs.Internal
}
