package logic

import (
	"context"

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
	if err := l.svcCtx.Groups.ConfirmNotice(l.ctx, in.NoticeId, in.UserId); err != nil {
		return nil, err
	}
	return &group_rpc.DoneResponse{}, nil
}
