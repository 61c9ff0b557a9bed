package logic

import (
	"context"

	"tudoIM/tudoIM_user/user_rpc/internal/model"
	"tudoIM/tudoIM_user/user_rpc/internal/svc"
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

// What became of a wish to be friends.
const (
	added   = "added"
	pending = "pending"
)

// AddFriend asks for friendship, or makes it at once where the other side's
// verification allows.
func (l *AddFriendLogic) AddFriend(in *user_rpc.AddFriendRequest) (*user_rpc.AddFriendResponse, error) {
	out, err := l.svcCtx.Friends.Ask(l.ctx, model.Ask{
		From: in.UserId, To: in.FriendId, Verify: in.Verify, Question: answers(in.Question),
		Notice: in.Notice, Source: in.Source,
	}, l.svcCtx.DB.Clock.Now(l.ctx))
	if err != nil {
		return nil, err
	}
	if err := settle(l.ctx, l.svcCtx, out); err != nil {
		return nil, err
	}
	result := pending
	if out.Pair.IsFriend {
		result = added
	}
	return &user_rpc.AddFriendResponse{Result: result, VerifyId: out.Verify.ID}, nil
}
