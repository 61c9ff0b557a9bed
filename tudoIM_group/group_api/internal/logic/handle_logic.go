package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// HandleLogic serves one request.
type HandleLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewHandleLogic(ctx context.Context, svcCtx *svc.ServiceContext) *HandleLogic {
	return &HandleLogic{ctx: ctx, svcCtx: svcCtx}
}

// Accept, refuse, ignore or delete a request
func (l *HandleLogic) Handle(req *types.HandleRequest) error {
	_, err := l.svcCtx.Groups.Handle(l.ctx, &group_rpc.HandleRequest{UserId: token.From(l.ctx).UserID, VerifyId: req.ValidID, Status: req.Status})
	return err
}
