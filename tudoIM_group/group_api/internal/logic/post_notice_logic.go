package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
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

// Announce something
func (l *PostNoticeLogic) PostNotice(req *types.PostNoticeRequest) (resp *types.Notice, err error) {
	posted, err := l.svcCtx.Groups.PostNotice(l.ctx, &group_rpc.PostNoticeRequest{
		UserId: token.From(l.ctx).UserID, GroupId: req.GroupID, Content: req.Content, IsTop: req.IsTop, NeedConfirm: req.NeedConfirm,
	})
	if err != nil {
		return nil, err
	}
	who, err := people(l.ctx, l.svcCtx, posted.UserId)
	if err != nil {
		return nil, err
	}
	return new(notice(who)(posted)), nil
}
