package logic

import (
	"context"
	"unicode/utf8"

	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/tudoIM_user/user_api/internal/svc"
	"tudoIM/tudoIM_user/user_api/internal/types"
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

// My friends
func (l *FriendsLogic) Friends(req *types.FriendsRequest) (resp *types.FriendsResponse, err error) {
	if !utf8.ValidString(req.Key) {
		return nil, errs.BadArgument("key")
	}
	mine, err := l.svcCtx.Users.Friends(l.ctx, &user_rpc.FriendsRequest{
		UserId: token.From(l.ctx).UserID, Page: req.Page, Limit: req.Limit, Key: req.Key, SinceVer: req.SinceVer,
	})
	if err != nil {
		return nil, err
	}
	resp = &types.FriendsResponse{List: make([]types.Friend, 0, len(mine.List)), Count: mine.Count, Ver: mine.Ver, Removed: append([]uint64{}, mine.Removed...)}
	for _, f := range mine.List {
		resp.List = append(resp.List, friend(f))
	}
	return resp, nil
}
