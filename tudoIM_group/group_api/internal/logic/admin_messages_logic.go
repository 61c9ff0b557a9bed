package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
)

// AdminMessagesLogic serves one request.
type AdminMessagesLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewAdminMessagesLogic(ctx context.Context, svcCtx *svc.ServiceContext) *AdminMessagesLogic {
	return &AdminMessagesLogic{ctx: ctx, svcCtx: svcCtx}
}

// What was said in a group; for administrators
func (l *AdminMessagesLogic) AdminMessages(req *types.AdminMessagesRequest) (resp *types.AdminMessagesResponse, err error) {
	return resp, errs.Internal
}
