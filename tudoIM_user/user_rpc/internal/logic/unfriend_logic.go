package logic

import (
	"context"

	"tudoIM/common/wire"
	"tudoIM/tudoIM_user/user_rpc/internal/svc"
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

// Unfriend ends a friendship.
func (l *UnfriendLogic) Unfriend(in *user_rpc.PairRequest) (*user_rpc.PairResponse, error) {
	pair, changed, err := l.svcCtx.Friends.Unfriend(l.ctx, in.UserId, in.PeerId, l.svcCtx.DB.Clock.Now(l.ctx))
	if err != nil {
		return nil, err
	}
	err = settlePair(l.ctx, l.svcCtx, pair, func(context.Context) ([]*wire.Event, error) {
		if !changed {
			return nil, nil
		}
		return parted(pair)
	})
	if err != nil {
		return nil, err
	}
	return &user_rpc.PairResponse{}, nil
}
