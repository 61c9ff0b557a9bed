package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_user/user_api/internal/svc"
	"tudoIM/tudoIM_user/user_api/internal/types"
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

// Block a user, who can no longer write to me
func (l *BlockLogic) Block(req *types.BlockRequest) error {
	_, err := l.svcCtx.Users.Block(l.ctx, &user_rpc.PairRequest{UserId: token.From(l.ctx).UserID, PeerId: req.UserID})
	return err
}
