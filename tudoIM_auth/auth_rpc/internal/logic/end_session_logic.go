package logic

import (
	"context"

	"tudoIM/tudoIM_auth/auth_rpc/internal/model"
	"tudoIM/tudoIM_auth/auth_rpc/internal/svc"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
)

// EndSessionLogic serves one request.
type EndSessionLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewEndSessionLogic(ctx context.Context, svcCtx *svc.ServiceContext) *EndSessionLogic {
	return &EndSessionLogic{ctx: ctx, svcCtx: svcCtx}
}

// EndSession ends one session of a user on the word of another, which its
// device hears of.
func (l *EndSessionLogic) EndSession(in *auth_rpc.EndSessionRequest) (*auth_rpc.EndSessionResponse, error) {
	by, err := l.svcCtx.Sessions.EndOne(l.ctx, in.UserId, in.TargetId, in.SessionId, l.svcCtx.DB.Clock.Now(l.ctx))
	if err != nil {
		return nil, err
	}
	kick(l.ctx, l.svcCtx, in.UserId, []uint64{in.TargetId}, kickEvent{
		Reason: model.ReasonLogout, By: &kickedBy{Platform: by.Platform, DeviceName: by.DeviceName},
	})
	return &auth_rpc.EndSessionResponse{}, nil
}
