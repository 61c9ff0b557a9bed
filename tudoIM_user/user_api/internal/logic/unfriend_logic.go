package logic

import (
	"context"
	"errors"

	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/common/wire"
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

// End a friendship, and clear what was said if asked to
func (l *UnfriendLogic) Unfriend(req *types.UnfriendRequest) error {
	me := token.From(l.ctx).UserID
	_, err := l.svcCtx.Users.Unfriend(l.ctx, &user_rpc.PairRequest{UserId: me, PeerId: req.ID})
	if err != nil || !req.ClearChat {
		return err
	}
	yes := true // which clears my side only, and may be repeated with the call
	_, err = l.svcCtx.Messages.Set(l.ctx, &wire.SetRequest{UserId: me, TargetId: req.ID, Clear: true, IsHidden: &yes})
	if errors.Is(err, errs.NoConversation) {
		return nil // the two never spoke
	}
	return err
}
