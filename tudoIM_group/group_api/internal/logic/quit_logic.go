package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// QuitLogic serves one request.
type QuitLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewQuitLogic(ctx context.Context, svcCtx *svc.ServiceContext) *QuitLogic {
	return &QuitLogic{ctx: ctx, svcCtx: svcCtx}
}

// Leave a group
func (l *QuitLogic) Quit(req *types.QuitRequest) error {
	_, err := l.svcCtx.Groups.Quit(l.ctx, &group_rpc.OneRequest{UserId: token.From(l.ctx).UserID, GroupId: req.ID})
	return err
}
