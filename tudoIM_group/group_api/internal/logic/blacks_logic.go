package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
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

// Who may not come in any more
func (l *BlacksLogic) Blacks(req *types.BlacksRequest) (resp *types.BlacksResponse, err error) {
	r, err := l.svcCtx.Groups.Blacks(l.ctx, &group_rpc.BlacksRequest{UserId: token.From(l.ctx).UserID, GroupId: req.GroupID, Page: req.Page, Limit: req.Limit})
	if err != nil {
		return nil, err
	}
	var ids []uint64
	for _, b := range r.List {
		ids = append(ids, b.UserId, b.OperatorId)
	}
	who, err := people(l.ctx, l.svcCtx, ids...)
	if err != nil {
		return nil, err
	}
	return &types.BlacksResponse{Count: r.Count, List: each(r.List, func(b *group_rpc.Black) types.Black {
		p := who(b.UserId)
		return types.Black{UserID: p.UserID, Nickname: p.Nickname, Avatar: p.Avatar, Operator: who(b.OperatorId), CreatedAt: b.CreatedAt}
	})}, nil
}
