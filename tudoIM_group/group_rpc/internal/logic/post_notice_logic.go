package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// PostNoticeLogic serves one request.
type PostNoticeLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewPostNoticeLogic(ctx context.Context, svcCtx *svc.ServiceContext) *PostNoticeLogic {
	return &PostNoticeLogic{ctx: ctx, svcCtx: svcCtx}
}

func (l *PostNoticeLogic) PostNotice(in *group_rpc.PostNoticeRequest) (*group_rpc.Notice, error) {
	return nil, errs.Internal
}
