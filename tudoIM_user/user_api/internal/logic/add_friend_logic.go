package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_user/user_api/internal/svc"
	"tudoIM/tudoIM_user/user_api/internal/types"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// AddFriendLogic serves one request.
type AddFriendLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewAddFriendLogic(ctx context.Context, svcCtx *svc.ServiceContext) *AddFriendLogic {
	return &AddFriendLogic{ctx: ctx, svcCtx: svcCtx}
}

// Ask for friendship
func (l *AddFriendLogic) AddFriend(req *types.AddFriendRequest) (resp *types.AddFriendResponse, err error) {
	q := req.VerificationQuestion
	done, err := l.svcCtx.Users.AddFriend(l.ctx, &user_rpc.AddFriendRequest{
		UserId: token.From(l.ctx).UserID, FriendId: req.FriendID, Verify: req.Verify,
		Question: &user_rpc.Question{Answer1: q.Answer1, Answer2: q.Answer2, Answer3: q.Answer3},
		Notice:   req.Notice, Source: req.Source,
	})
	if err != nil {
		return nil, err
	}
	return &types.AddFriendResponse{Result: done.Result, VerifyID: done.VerifyId}, nil
}
