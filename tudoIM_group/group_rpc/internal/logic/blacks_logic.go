package logic

import (
	"context"

	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// BlacksLogic serves one request.
type BlacksLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewBlacksLogic(ctx context.Context, svcCtx *svc.ServiceContext) *BlacksLogic {
	return &BlacksLogic{ctx: ctx, svcCtx: svcCtx}
}

// Blacks returns who may not come in any more.
func (l *BlacksLogic) Blacks(in *group_rpc.BlacksRequest) (*group_rpc.BlacksResponse, error) {
	list, count, err := l.svcCtx.Groups.Blacks(l.ctx, in.GroupId, in.UserId, in.Page, in.Limit)
	if err != nil {
		return nil, err
	}
	resp := &group_rpc.BlacksResponse{Count: count}
	for _, b := range list {
		resp.List = append(resp.List, &group_rpc.Black{UserId: b.UserID, OperatorId: b.OperatorID, CreatedAt: b.CreatedAt})
	}
	return resp, nil
}
