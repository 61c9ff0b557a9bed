package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
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

// I have taken note
func (l *ConfirmNoticeLogic) ConfirmNotice(req *types.NoticeRequest) error {
	_, err := l.svcCtx.Groups.ConfirmNotice(l.ctx, &group_rpc.NoticeRequest{UserId: token.From(l.ctx).UserID, NoticeId: req.NoticeID})
	return err
}
