package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_user/user_api/internal/svc"
	"tudoIM/tudoIM_user/user_api/internal/types"
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

// End a block
func (l *UnblockLogic) Unblock(req *types.UnblockRequest) error {
	_, err := l.svcCtx.Users.Unblock(l.ctx, &user_rpc.PairRequest{UserId: token.From(l.ctx).UserID, PeerId: req.ID})
	return err
}
