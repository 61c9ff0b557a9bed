package logic

import (
	"context"

	"tudoIM/tudoIM_user/user_rpc/internal/svc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// BlacksLogic serves one request.
type BlacksLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewBlacksLogic(ctx context.Context, svcCtx *svc.ServiceContext) *BlacksLogic {
	return &BlacksLogic{ctx: ctx, svcCtx: svcCtx}
}

// Blacks lists those whom user_id blocks.
func (l *BlacksLogic) Blacks(in *user_rpc.BlacksRequest) (*user_rpc.BlacksResponse, error) {
	list, count, err := l.svcCtx.Friends.Blacks(l.ctx, in.UserId, in.Page, in.Limit)
	if err != nil {
		return nil, err
	}
	ids := make([]uint64, len(list))
	for i, f := range list {
		ids[i] = f.Peer(in.UserId)
	}
	users, err := l.svcCtx.Users.ByIDs(l.ctx, ids...)
	if err != nil {
		return nil, err
	}
	resp := &user_rpc.BlacksResponse{Count: count}
	for _, id := range ids {
		p := profile(users[id])
		p.UserId = id
		resp.List = append(resp.List, p)
	}
	return resp, nil
}
