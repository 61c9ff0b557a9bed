package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
)

// ConfirmNoticeLogic serves one request.
type ConfirmNoticeLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewConfirmNoticeLogic(ctx context.Context, svcCtx *svc.ServiceContext) *ConfirmNoticeLogic {
	return &ConfirmNoticeLogic{ctx: ctx, svcCtx: svcCtx}
}

// I have taken note
func (l *ConfirmNoticeLogic) ConfirmNotice(req *types.NoticeRequest) error {
	return errs.Internal
}
