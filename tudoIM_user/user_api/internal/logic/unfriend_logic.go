package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_user/user_api/internal/svc"
	"tudoIM/tudoIM_user/user_api/internal/types"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// UnfriendLogic serves one request.
type UnfriendLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewUnfriendLogic(ctx context.Context, svcCtx *svc.ServiceContext) *UnfriendLogic {
	return &UnfriendLogic{ctx: ctx, svcCtx: svcCtx}
}

// End a friendship
func (l *UnfriendLogic) Unfriend(req *types.UnfriendRequest) error {
	_, err := l.svcCtx.Users.Unfriend(l.ctx, &user_rpc.PairRequest{UserId: token.From(l.ctx).UserID, PeerId: req.ID})
	return err
}
