package logic

import (
	"context"
	"errors"

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

// CheckFriends tells which of friend_ids are friends of user_id, and whether
// user_id may make groups, which is what one asks it for.
func (l *CheckFriendsLogic) CheckFriends(in *user_rpc.CheckFriendsRequest) (*user_rpc.CheckFriendsResponse, error) {
	if len(in.FriendIds) > maxChecked {
		return nil, errs.BadArgument("friendIds")
	}
	friends, err := l.svcCtx.Friends.Among(l.ctx, in.UserId, in.FriendIds)
	if err != nil {
		return nil, err
	}
	account, err := l.svcCtx.Users.Account(l.ctx, in.UserId)
	if err != nil && !errors.Is(err, errs.NotFound) {
		return nil, err
	}
	resp := &user_rpc.CheckFriendsResponse{
		NoGroups: account == nil || !account.MayCreate(l.svcCtx.DB.Clock.Now(l.ctx)),
	}
	for _, id := range in.FriendIds {
		if friends[id] {
			resp.FriendIds = append(resp.FriendIds, id)
			delete(friends, id) // told once
		}
	}
	return resp, nil
}
