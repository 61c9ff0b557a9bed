package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// BlockLogic serves one request.
type BlockLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewBlockLogic(ctx context.Context, svcCtx *svc.ServiceContext) *BlockLogic {
	return &BlockLogic{ctx: ctx, svcCtx: svcCtx}
}

// Keep a user out for good
func (l *BlockLogic) Block(req *types.BlockRequest) error {
	_, err := l.svcCtx.Groups.Block(l.ctx, &group_rpc.MemberRequest{UserId: token.From(l.ctx).UserID, GroupId: req.GroupID, MemberId: req.UserID})
	return err
}
