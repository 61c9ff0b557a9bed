package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_user/user_rpc/internal/svc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// BlockLogic serves one request.
type BlockLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewBlockLogic(ctx context.Context, svcCtx *svc.ServiceContext) *BlockLogic {
	return &BlockLogic{ctx: ctx, svcCtx: svcCtx}
}

// Block keeps peer_id from sending to user_id.
func (l *BlockLogic) Block(in *user_rpc.PairRequest) (*user_rpc.PairResponse, error) {
	if in.UserId == in.PeerId {
		return nil, errs.Self
	}
	if _, _, err := visible(l.ctx, l.svcCtx, in.UserId, in.PeerId); err != nil {
		return nil, err
	}
	pair, changed, err := l.svcCtx.Friends.Block(l.ctx, in.UserId, in.PeerId, l.svcCtx.DB.Clock.Now(l.ctx))
	if err != nil {
		return nil, err
	}
	if err := settleOwn(l.ctx, l.svcCtx, pair, in.UserId, changed); err != nil {
		return nil, err
	}
	return &user_rpc.PairResponse{}, nil
}
