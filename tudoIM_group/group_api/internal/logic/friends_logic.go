package logic

import (
	"context"
	"slices"

	"tudoIM/common/token"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// FriendsLogic serves one request.
type FriendsLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewFriendsLogic(ctx context.Context, svcCtx *svc.ServiceContext) *FriendsLogic {
	return &FriendsLogic{ctx: ctx, svcCtx: svcCtx}
}

// My friends, and who of them is in a group
func (l *FriendsLogic) Friends(req *types.FriendsRequest) (resp *types.FriendsResponse, err error) {
	me := token.From(l.ctx).UserID
	mine, err := l.svcCtx.Users.Friends(l.ctx, &user_rpc.FriendsRequest{UserId: me, Page: req.Page, Limit: req.Limit, Key: req.Key})
	if err != nil {
		return nil, err
	}
	ids := each(mine.List, func(f *user_rpc.Friend) uint64 { return f.Profile.UserId })
	in, err := l.svcCtx.Groups.Among(l.ctx, &group_rpc.AmongRequest{UserId: me, GroupId: req.ID, UserIds: ids})
	if err != nil {
		return nil, err
	}
	return &types.FriendsResponse{Count: mine.Count, List: each(mine.List, func(f *user_rpc.Friend) types.Friend {
		p := f.Profile
		return types.Friend{
			UserID: p.UserId, Nickname: p.Nickname, Avatar: p.Avatar, Notice: f.Notice, IsInGroup: slices.Contains(in.UserIds, p.UserId),
		}
	})}, nil
}
