package logic

import (
	"context"

	"tudoIM/tudoIM_auth/auth_rpc/internal/svc"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
)

// SessionsLogic serves one request.
type SessionsLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewSessionsLogic(ctx context.Context, svcCtx *svc.ServiceContext) *SessionsLogic {
	return &SessionsLogic{ctx: ctx, svcCtx: svcCtx}
}

// Sessions lists the live sessions of a user.
func (l *SessionsLogic) Sessions(in *auth_rpc.SessionsRequest) (*auth_rpc.SessionsResponse, error) {
	list, err := l.svcCtx.Sessions.List(l.ctx, in.UserId, l.svcCtx.DB.Clock.Now(l.ctx))
	if err != nil {
		return nil, err
	}
	resp := &auth_rpc.SessionsResponse{}
	for _, s := range list {
		resp.List = append(resp.List, &auth_rpc.Session{
			Id: s.ID, DeviceId: s.DeviceID, Platform: s.Platform, DeviceName: s.DeviceName, Ip: s.IP,
			CreatedAt: s.CreatedAt, LastActiveAt: s.LastActiveAt,
		})
	}
	return resp, nil
}
