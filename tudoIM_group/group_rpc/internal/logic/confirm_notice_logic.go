package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// ConfirmNoticeLogic serves one request.
type ConfirmNoticeLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewConfirmNoticeLogic(ctx context.Context, svcCtx *svc.ServiceContext) *ConfirmNoticeLogic {
	return &ConfirmNoticeLogic{ctx: ctx, svcCtx: svcCtx}
}

// ConfirmNotice says that user_id has taken note.
func (l *ConfirmNoticeLogic) ConfirmNotice(in *group_rpc.NoticeRequest) (*group_rpc.DoneResponse, error) {
	return nil, errs.Internal
}
