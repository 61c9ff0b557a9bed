package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
)

// NoticesLogic serves one request.
type NoticesLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewNoticesLogic(ctx context.Context, svcCtx *svc.ServiceContext) *NoticesLogic {
	return &NoticesLogic{ctx: ctx, svcCtx: svcCtx}
}

// Announcements of a group
func (l *NoticesLogic) Notices(req *types.NoticesRequest) (resp *types.NoticesResponse, err error) {
	return resp, errs.Internal
}
