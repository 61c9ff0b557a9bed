package logic

import (
	"context"

	"tudoIM/tudoIM_group/group_rpc/internal/svc"
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

// Handle decides a request, or takes it off the list of user_id.
func (l *HandleLogic) Handle(in *group_rpc.HandleRequest) (*group_rpc.DoneResponse, error) {
	return done(l.ctx, l.svcCtx, in.UserId)(l.svcCtx.Groups.Handle(l.ctx, in.UserId, in.VerifyId, in.Status))
}
