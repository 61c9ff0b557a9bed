package logic

import (
	"context"

	"tudoIM/tudoIM_user/user_rpc/internal/model"
	"tudoIM/tudoIM_user/user_rpc/internal/svc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// HandleRequestLogic serves one request.
type HandleRequestLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewHandleRequestLogic(ctx context.Context, svcCtx *svc.ServiceContext) *HandleRequestLogic {
	return &HandleRequestLogic{ctx: ctx, svcCtx: svcCtx}
}

// HandleRequest accepts, refuses, ignores or deletes a request.
func (l *HandleRequestLogic) HandleRequest(in *user_rpc.HandleRequestRequest) (*user_rpc.HandleRequestResponse, error) {
	out, err := l.svcCtx.Friends.Handle(l.ctx, in.UserId, in.VerifyId, in.Status, in.Notice, l.svcCtx.DB.Clock.Now(l.ctx))
	if err != nil {
		return nil, err
	}
	if err := settle(l.ctx, l.svcCtx, out); err != nil {
		return nil, err
	}
	if in.Status != model.RequestAccepted || !out.Pair.IsFriend {
		return &user_rpc.HandleRequestResponse{}, nil
	}
	made, err := friends(l.ctx, l.svcCtx, in.UserId, out.Pair)
	if err != nil {
		return nil, err
	}
	return &user_rpc.HandleRequestResponse{Friend: made[0]}, nil
}
