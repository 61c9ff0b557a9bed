package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
)

// DeleteNoticeLogic serves one request.
type DeleteNoticeLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewDeleteNoticeLogic(ctx context.Context, svcCtx *svc.ServiceContext) *DeleteNoticeLogic {
	return &DeleteNoticeLogic{ctx: ctx, svcCtx: svcCtx}
}

// Take an announcement back
func (l *DeleteNoticeLogic) DeleteNotice(req *types.NoticeRequest) error {
	return errs.Internal
}
