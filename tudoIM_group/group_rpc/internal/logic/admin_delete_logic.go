package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// AdminDeleteLogic serves one request.
type AdminDeleteLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewAdminDeleteLogic(ctx context.Context, svcCtx *svc.ServiceContext) *AdminDeleteLogic {
	return &AdminDeleteLogic{ctx: ctx, svcCtx: svcCtx}
}

func (l *AdminDeleteLogic) AdminDelete(in *group_rpc.AdminDeleteRequest) (*group_rpc.AdminDeleteResponse, error) {
	return nil, errs.Internal
}
