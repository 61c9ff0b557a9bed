package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_user/user_rpc/internal/svc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// CheckFriendsLogic serves one request.
type CheckFriendsLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewCheckFriendsLogic(ctx context.Context, svcCtx *svc.ServiceContext) *CheckFriendsLogic {
	return &CheckFriendsLogic{ctx: ctx, svcCtx: svcCtx}
}

// maxChecked is how many users one call may ask about.
const maxChecked = 2000

// CheckFriends tells which of friend_ids are friends of user_id.
func (l *CheckFriendsLogic) CheckFriends(in *user_rpc.CheckFriendsRequest) (*user_rpc.CheckFriendsResponse, error) {
	if len(in.FriendIds) > maxChecked {
		return nil, errs.BadArgument("friendIds")
	}
	friends, err := l.svcCtx.Friends.Among(l.ctx, in.UserId, in.FriendIds)
	if err != nil {
		return nil, err
	}
	resp := &user_rpc.CheckFriendsResponse{}
	for _, id := range in.FriendIds {
		if friends[id] {
			resp.FriendIds = append(resp.FriendIds, id)
			delete(friends, id) // told once
		}
	}
	return resp, nil
}
