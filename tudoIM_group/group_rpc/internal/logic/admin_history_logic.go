package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// AdminHistoryLogic serves one request.
type AdminHistoryLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewAdminHistoryLogic(ctx context.Context, svcCtx *svc.ServiceContext) *AdminHistoryLogic {
	return &AdminHistoryLogic{ctx: ctx, svcCtx: svcCtx}
}

func (l *AdminHistoryLogic) AdminHistory(in *group_rpc.AdminHistoryRequest) (*group_rpc.AdminHistoryResponse, error) {
	return nil, errs.Internal
}
