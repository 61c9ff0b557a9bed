package logic

import (
	"context"
	"maps"
	"slices"

	"tudoIM/tudoIM_user/user_rpc/internal/svc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// SearchLogic serves one request.
type SearchLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewSearchLogic(ctx context.Context, svcCtx *svc.ServiceContext) *SearchLogic {
	return &SearchLogic{ctx: ctx, svcCtx: svcCtx}
}

// Search finds users by id, name or nickname.
func (l *SearchLogic) Search(in *user_rpc.SearchRequest) (*user_rpc.SearchResponse, error) {
	var among []uint64
	if in.OnlineOnly {
		var err error
		if among, err = l.online(in.UserId); err != nil {
			return nil, err
		}
	}
	users, count, err := l.svcCtx.Users.Search(l.ctx, in.UserId, in.Key, among, in.Page, in.Limit)
	if err != nil {
		return nil, err
	}
	ids := make([]uint64, len(users))
	for i, u := range users {
		ids[i] = u.ID
	}
	friends, err := l.svcCtx.Friends.Among(l.ctx, in.UserId, ids)
	if err != nil {
		return nil, err
	}
	resp := &user_rpc.SearchResponse{Count: count}
	for _, u := range users {
		resp.List = append(resp.List, &user_rpc.Found{Profile: profile(u), IsFriend: friends[u.ID]})
	}
	return resp, nil
}

// online returns those user can see to be online, who are friends.
func (l *SearchLogic) online(user uint64) ([]uint64, error) {
	ids, err := l.svcCtx.Friends.IDs(l.ctx, user)
	if err != nil {
		return nil, err
	}
	list, err := l.svcCtx.Friends.With(l.ctx, user, ids)
	if err != nil {
		return nil, err
	}
	isOnline, err := online(l.ctx, l.svcCtx, user, list...)
	if err != nil {
		return nil, err
	}
	return append([]uint64{}, slices.Collect(maps.Keys(isOnline))...), nil // not nil, which is anybody
}
