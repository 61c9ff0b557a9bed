package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
)

// PostNoticeLogic serves one request.
type PostNoticeLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewPostNoticeLogic(ctx context.Context, svcCtx *svc.ServiceContext) *PostNoticeLogic {
	return &PostNoticeLogic{ctx: ctx, svcCtx: svcCtx}
}

// Announce something
func (l *PostNoticeLogic) PostNotice(req *types.PostNoticeRequest) (resp *types.Notice, err error) {
	return resp, errs.Internal
}
