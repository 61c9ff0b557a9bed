package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// NoticesLogic serves one request.
type NoticesLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewNoticesLogic(ctx context.Context, svcCtx *svc.ServiceContext) *NoticesLogic {
	return &NoticesLogic{ctx: ctx, svcCtx: svcCtx}
}

// Announcements of a group
func (l *NoticesLogic) Notices(req *types.NoticesRequest) (resp *types.NoticesResponse, err error) {
	r, err := l.svcCtx.Groups.Notices(l.ctx, &group_rpc.NoticesRequest{UserId: token.From(l.ctx).UserID, GroupId: req.ID, Page: req.Page, Limit: req.Limit})
	if err != nil {
		return nil, err
	}
	who, err := people(l.ctx, l.svcCtx, each(r.List, (*group_rpc.Notice).GetUserId)...)
	if err != nil {
		return nil, err
	}
	return &types.NoticesResponse{List: each(r.List, notice(who)), Count: r.Count}, nil
}
