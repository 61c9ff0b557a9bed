package logic

import (
	"context"

	"tudoIM/tudoIM_group/group_rpc/internal/model"
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

// PostNotice announces something.
func (l *PostNoticeLogic) PostNotice(in *group_rpc.PostNoticeRequest) (*group_rpc.Notice, error) {
	done, err := l.svcCtx.Groups.PostNotice(l.ctx, &model.GroupNoticeModel{
		GroupID: in.GroupId, UserID: in.UserId, Content: in.Content, IsTop: in.IsTop, NeedConfirm: in.NeedConfirm,
	})
	if err != nil {
		return nil, err
	}
	tell(l.ctx, l.svcCtx, in.UserId, done)
	return notice(model.ShownNotice{GroupNoticeModel: done.Notice}), nil
}
