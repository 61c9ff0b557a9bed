package logic

import (
	"context"

	"github.com/zeromicro/go-zero/core/logx"

	"tudoIM/common/event"
	"tudoIM/common/wire"
	"tudoIM/tudoIM_auth/auth_rpc/internal/model"
	"tudoIM/tudoIM_auth/auth_rpc/internal/svc"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
)

// open gives user a session on device and tells the one it replaces.
func open(ctx context.Context, s *svc.ServiceContext, user uint64, role int32, device model.Device) (*auth_rpc.Tokens, error) {
	now := s.DB.Clock.Now(ctx)
	session := &model.SessionModel{
		UserID: user, Role: role,
		DeviceID: device.ID, Platform: device.Platform, DeviceName: device.Name, IP: device.IP,
	}
	secret := s.Tokens.Renew(session, now)
	ended, err := s.Sessions.Open(ctx, session)
	if err != nil {
		return nil, err
	}
	kick(ctx, s, user, ended, model.ReasonLogin)
	return tokens(ctx, s, session, secret)
}

func tokens(ctx context.Context, s *svc.ServiceContext, session *model.SessionModel, secret string) (*auth_rpc.Tokens, error) {
	access, err := s.Tokens.AccessToken(session, s.DB.Clock.Now(ctx))
	if err != nil {
		return nil, err
	}
	return &auth_rpc.Tokens{
		UserId: session.UserID, Role: session.Role, SessionId: session.ID,
		AccessToken: access, RefreshToken: s.Tokens.RefreshToken(session, secret),
		ExpiresIn: int64(s.Tokens.Access.Seconds()),
	}, nil
}

// kick tells gateways and sockets that sessions ended. The row already says
// so; a bus that is away only makes it slower.
func kick(ctx context.Context, s *svc.ServiceContext, user uint64, sessions []uint64, reason string) {
	if len(sessions) == 0 {
		return
	}
	e, err := event.New(event.Kick, map[string]string{"reason": reason}, user)
	if err == nil {
		e.SessionIds = sessions
		err = s.Bus.Publish(ctx, []*wire.Event{e}...)
	}
	if err != nil {
		logx.WithContext(ctx).Errorf("sessions %v of user %d ended, but not told: %v", sessions, user, err)
	}
}

func device(d *auth_rpc.Device) (model.Device, error) {
	m := model.Device{ID: d.GetId(), Platform: d.GetPlatform(), Name: d.GetName(), IP: d.GetIp()}
	return m, m.Check()
}
