package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// ConfirmedLogic serves one request.
type ConfirmedLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewConfirmedLogic(ctx context.Context, svcCtx *svc.ServiceContext) *ConfirmedLogic {
	return &ConfirmedLogic{ctx: ctx, svcCtx: svcCtx}
}

// Confirmed tells the group's leaders who has taken note.
func (l *ConfirmedLogic) Confirmed(in *group_rpc.NoticeRequest) (*group_rpc.ConfirmedResponse, error) {
	return nil, errs.Internal
}
