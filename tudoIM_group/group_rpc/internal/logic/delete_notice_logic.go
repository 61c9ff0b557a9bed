package logic

import (
	"context"

	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// DeleteNoticeLogic serves one request.
type DeleteNoticeLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewDeleteNoticeLogic(ctx context.Context, svcCtx *svc.ServiceContext) *DeleteNoticeLogic {
	return &DeleteNoticeLogic{ctx: ctx, svcCtx: svcCtx}
}

// DeleteNotice takes a notice back.
func (l *DeleteNoticeLogic) DeleteNotice(in *group_rpc.NoticeRequest) (*group_rpc.DoneResponse, error) {
	return done(l.ctx, l.svcCtx, in.UserId)(l.svcCtx.Groups.DeleteNotice(l.ctx, in.NoticeId, in.UserId))
}
