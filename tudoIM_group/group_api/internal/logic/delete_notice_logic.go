package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
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

// Take an announcement back
func (l *DeleteNoticeLogic) DeleteNotice(req *types.NoticeRequest) error {
	_, err := l.svcCtx.Groups.DeleteNotice(l.ctx, &group_rpc.NoticeRequest{UserId: token.From(l.ctx).UserID, NoticeId: req.NoticeID})
	return err
}
