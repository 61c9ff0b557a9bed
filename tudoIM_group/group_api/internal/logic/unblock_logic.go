package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// UnblockLogic serves one request.
type UnblockLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewUnblockLogic(ctx context.Context, svcCtx *svc.ServiceContext) *UnblockLogic {
	return &UnblockLogic{ctx: ctx, svcCtx: svcCtx}
}

// Let a user in again
func (l *UnblockLogic) Unblock(req *types.BlockRequest) error {
	_, err := l.svcCtx.Groups.Unblock(l.ctx, &group_rpc.MemberRequest{UserId: token.From(l.ctx).UserID, GroupId: req.GroupID, MemberId: req.UserID})
	return err
}
