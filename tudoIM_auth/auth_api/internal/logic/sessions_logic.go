package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_auth/auth_api/internal/svc"
	"tudoIM/tudoIM_auth/auth_api/internal/types"
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

// My live sessions
func (l *SessionsLogic) Sessions() (*types.SessionsResponse, error) {
	me := token.From(l.ctx)
	all, err := l.svcCtx.Auth.Sessions(l.ctx, &auth_rpc.SessionsRequest{UserId: me.UserID})
	if err != nil {
		return nil, err
	}
	list := make([]types.Session, len(all.List))
	for i, s := range all.List {
		list[i] = types.Session{
			ID: s.Id, DeviceID: s.DeviceId, Platform: s.Platform, DeviceName: s.DeviceName, IP: s.Ip, Addr: place(s.Ip, me.Lang),
			CreatedAt: s.CreatedAt, LastActiveAt: s.LastActiveAt, IsCurrent: s.Id == me.SessionID,
		}
	}
	return &types.SessionsResponse{List: list, Count: len(list)}, nil
}
