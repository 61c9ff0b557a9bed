package logic

import (
	"context"

	"tudoIM/tudoIM_user/user_rpc/internal/svc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// UnblockLogic serves one request.
type UnblockLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewUnblockLogic(ctx context.Context, svcCtx *svc.ServiceContext) *UnblockLogic {
	return &UnblockLogic{ctx: ctx, svcCtx: svcCtx}
}

// Unblock ends a block.
func (l *UnblockLogic) Unblock(in *user_rpc.PairRequest) (*user_rpc.PairResponse, error) {
	pair, changed, err := l.svcCtx.Friends.Unblock(l.ctx, in.UserId, in.PeerId, l.svcCtx.DB.Clock.Now(l.ctx))
	if err != nil {
		return nil, err
	}
	if err := settleOwn(l.ctx, l.svcCtx, pair, in.UserId, changed); err != nil {
		return nil, err
	}
	return &user_rpc.PairResponse{}, nil
}
