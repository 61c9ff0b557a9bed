package logic

import (
	"context"

	"tudoIM/tudoIM_group/group_rpc/internal/svc"
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

// Notices returns what those who lead the group have announced.
func (l *NoticesLogic) Notices(in *group_rpc.NoticesRequest) (*group_rpc.NoticesResponse, error) {
	list, count, err := l.svcCtx.Groups.Notices(l.ctx, in.GroupId, in.UserId, in.Page, in.Limit)
	if err != nil {
		return nil, err
	}
	resp := &group_rpc.NoticesResponse{Count: count}
	for _, n := range list {
		resp.List = append(resp.List, notice(n))
	}
	return resp, nil
}
