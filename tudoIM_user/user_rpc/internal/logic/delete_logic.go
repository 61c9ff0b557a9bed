package logic

import (
	"context"

	"tudoIM/tudoIM_user/user_rpc/internal/svc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// DeleteLogic serves one request.
type DeleteLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewDeleteLogic(ctx context.Context, svcCtx *svc.ServiceContext) *DeleteLogic {
	return &DeleteLogic{ctx: ctx, svcCtx: svcCtx}
}

// Delete closes an account for ever.
func (l *DeleteLogic) Delete(in *user_rpc.DeleteRequest) (*user_rpc.DeleteResponse, error) {
	a, err := l.svcCtx.Users.Delete(l.ctx, in.UserId, l.svcCtx.DB.Clock.Now(l.ctx))
	if err != nil {
		return nil, err
	}
	if err := settleSender(l.ctx, l.svcCtx, a); err != nil {
		return nil, err
	}
	return &user_rpc.DeleteResponse{}, nil
}
