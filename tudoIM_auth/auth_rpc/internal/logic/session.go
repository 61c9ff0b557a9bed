package logic

import (
	"context"
	"errors"
	"time"

	"github.com/zeromicro/go-zero/core/logx"

	"tudoIM/common/errs"
	"tudoIM/common/event"
	"tudoIM/tudoIM_auth/auth_rpc/internal/model"
	"tudoIM/tudoIM_auth/auth_rpc/internal/svc"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// open gives account a session on device and tells those it replaces.
func open(ctx context.Context, s *svc.ServiceContext, account *user_rpc.CredentialsResponse, device model.Device) (*auth_rpc.Tokens, error) {
	now, user := s.DB.Clock.Now(ctx), account.UserId
	session := &model.SessionModel{
		UserID: user, Role: account.Role, AuthVer: account.AuthVer,
		DeviceID: device.ID, Platform: device.Platform, DeviceName: device.Name, IP: device.IP,
	}
	secret := s.Tokens.Renew(session, now)
	ended, err := s.Sessions.Open(ctx, session, s.Site.Get(ctx).MultiLogin)
	if err != nil {
		return nil, err
	}
	ids := make([]uint64, len(ended))
	for i, o := range ended {
		ids[i] = o.ID
	}
	kick(ctx, s, user, ids, kickEvent{
		Reason: model.ReasonLogin, By: &kickedBy{Platform: device.Platform, DeviceName: device.Name},
	})
	t, err := tokens(ctx, s, session, secret)
	if err != nil {
		return nil, err
	}
	for _, o := range ended {
		t.Kicked = append(t.Kicked, &auth_rpc.Kicked{DeviceId: o.DeviceID, Platform: o.Platform, DeviceName: o.DeviceName})
	}
	return t, nil
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

// owner returns the account of session as it is now: a role may have changed
// and an account been closed since the session was opened.
func owner(ctx context.Context, s *svc.ServiceContext, session uint64) (*user_rpc.CredentialsResponse, error) {
	of, err := s.Sessions.ByID(ctx, session)
	if errors.Is(err, errs.Kicked) {
		return nil, errs.RefreshExpired
	}
	if err != nil {
		return nil, err
	}
	account, err := s.Users.Credentials(ctx, &user_rpc.CredentialsRequest{UserId: of.UserID})
	switch {
	case errors.Is(err, errs.NotFound):
		return nil, errs.RefreshExpired
	case err != nil:
		return nil, err
	case account.Disabled:
		return nil, errs.Disabled
	case of.AuthVer < account.AuthVer && of.RevokedAt == 0:
		// The word which sessions end is on its way: whether this one is kept
		// nobody can tell yet.
		return nil, errs.Unavailable
	}
	return account, nil
}

// What follows is the data of a kick as clients get it.
type (
	kickEvent struct {
		Reason string    `json:"reason"`
		By     *kickedBy `json:"by,omitempty"`
	}
	kickedBy struct {
		Platform   string `json:"platform"`
		DeviceName string `json:"deviceName"`
	}
)

// bellWait bounds how long a caller waits for the bus.
const bellWait = 500 * time.Millisecond

// kick tells gateways and sockets that sessions ended, also when the caller
// has left. The row already says so; a bus that is away only makes it slower.
func kick(ctx context.Context, s *svc.ServiceContext, user uint64, sessions []uint64, data kickEvent) {
	if len(sessions) == 0 {
		return
	}
	bell, cancel := context.WithTimeout(context.WithoutCancel(ctx), bellWait)
	defer cancel()
	e, err := event.New(event.Kick, data, user)
	if err == nil {
		e.SessionIds = sessions
		err = s.Bus.Publish(bell, e)
	}
	if err != nil {
		logx.WithContext(ctx).Errorf("sessions %v of user %d ended, but not told: %v", sessions, user, err)
	}
}

func device(d *auth_rpc.Device) (model.Device, error) {
	m := model.Device{ID: d.GetId(), Platform: d.GetPlatform(), Name: d.GetName(), IP: d.GetIp()}
	return m, m.Check()
}
