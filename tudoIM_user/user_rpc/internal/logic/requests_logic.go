package logic

import (
	"context"

	"tudoIM/tudoIM_user/user_rpc/internal/svc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// RequestsLogic serves one request.
type RequestsLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewRequestsLogic(ctx context.Context, svcCtx *svc.ServiceContext) *RequestsLogic {
	return &RequestsLogic{ctx: ctx, svcCtx: svcCtx}
}

// Requests lists friend requests user_id sent or received.
func (l *RequestsLogic) Requests(in *user_rpc.RequestsRequest) (*user_rpc.RequestsResponse, error) {
	list, count, err := l.svcCtx.Friends.Requests(l.ctx, in.UserId, in.Flag, in.Status, in.Page, in.Limit)
	if err != nil {
		return nil, err
	}
	waiting, err := l.svcCtx.Friends.Pending(l.ctx, in.UserId)
	if err != nil {
		return nil, err
	}
	ids := make([]uint64, len(list))
	for i, v := range list {
		ids[i] = v.Peer(in.UserId)
	}
	users, err := l.svcCtx.Users.ByIDs(l.ctx, ids...)
	if err != nil {
		return nil, err
	}
	resp := &user_rpc.RequestsResponse{Count: count, PendingCount: waiting}
	for _, v := range list {
		resp.List = append(resp.List, item(v, in.UserId, users[v.Peer(in.UserId)]))
	}
	return resp, nil
}
