package logic

import (
	"context"

	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// ConfirmedLogic serves one request.
type ConfirmedLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewConfirmedLogic(ctx context.Context, svcCtx *svc.ServiceContext) *ConfirmedLogic {
	return &ConfirmedLogic{ctx: ctx, svcCtx: svcCtx}
}

// Confirmed tells those who lead the group who has taken note.
func (l *ConfirmedLogic) Confirmed(in *group_rpc.NoticeRequest) (*group_rpc.ConfirmedResponse, error) {
	list, count, total, err := l.svcCtx.Groups.Confirmed(l.ctx, in.NoticeId, in.UserId, in.Page, in.Limit)
	if err != nil {
		return nil, err
	}
	resp := &group_rpc.ConfirmedResponse{Count: count, Total: total}
	for _, c := range list {
		resp.List = append(resp.List, &group_rpc.Confirmation{UserId: c.UserID, CreatedAt: c.CreatedAt})
	}
	return resp, nil
}
