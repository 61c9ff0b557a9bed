package logic

import (
	"context"
	"crypto/subtle"
	"errors"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_auth/auth_rpc/internal/model"
	"tudoIM/tudoIM_auth/auth_rpc/internal/openlogin"
	"tudoIM/tudoIM_auth/auth_rpc/internal/svc"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
	"tudoIM/tudoIM_settings/settings_rpc/types/settings_rpc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// attempt counts a try by rules, or answers refusal with the time to wait.
func attempt(ctx context.Context, s *svc.ServiceContext, rules []model.Rule, refusal *errs.Error) (*model.Try, error) {
	try, wait, err := s.Attempts.Reserve(ctx, rules, s.DB.Clock.Now(ctx))
	if err != nil {
		return nil, err
	}
	if wait > 0 {
		return nil, refusal.Retry(wait)
	}
	return try, nil
}

// judge answers errs.BadCredentials unless pwd opens account, who was typed
// as typed, and errs.Locked without looking once there were too many wrong
// ones. Account without a number stands for nobody, and costs the same.
func judge(ctx context.Context, s *svc.ServiceContext, account *user_rpc.CredentialsResponse, typed, pwd, device, ip string) error {
	known, err := s.Sessions.Had(ctx, account.UserId, device)
	if err != nil {
		return err
	}
	try, err := attempt(ctx, s, s.Limits.Password(typed, ip, account.UserId, device, known), errs.Locked)
	if err != nil {
		return err
	}
	if err = s.Passwords.Check(ctx, pwd, account.Pwd); !errors.Is(err, errs.BadCredentials) {
		try.GiveBack(ctx)
	}
	return err
}

// recognise returns who a provider says is at device.
func recognise(ctx context.Context, s *svc.ServiceContext, g *auth_rpc.OpenGrant, device, ip string) (openlogin.Person, error) {
	grant := openlogin.Grant{Provider: g.GetFlag(), Code: g.GetCode(), State: g.GetState()}
	var try *model.Try
	person, err := s.Providers.Recognise(ctx, grant, device, s.DB.Clock.Now(ctx), func(st openlogin.State) (err error) {
		if try, err = attempt(ctx, s, s.Limits.OpenLogin(ip), errs.Locked); err != nil {
			return err
		}
		return s.States.Use(ctx, st.Nonce, st.End())
	})
	if try != nil && !errors.Is(err, errs.NotRecognised) {
		try.GiveBack(ctx) // recognised, or nobody could be asked
	}
	return person, err
}

// self returns the account of who asks.
func self(ctx context.Context, s *svc.ServiceContext, c *auth_rpc.Caller) (*user_rpc.CredentialsResponse, error) {
	account, err := s.Users.Credentials(ctx, &user_rpc.CredentialsRequest{UserId: c.GetUserId()})
	switch {
	case errors.Is(err, errs.NotFound):
		return nil, errs.Kicked
	case err != nil:
		return nil, err
	case account.Disabled:
		return nil, errs.Disabled
	}
	return account, nil
}

// mayRegister counts a registration from ip and reports why there may be none,
// or nil: it is closed to who has not the invite code, or ip makes too many.
// One that fails counts as well: it may have guessed the code.
func mayRegister(ctx context.Context, s *svc.ServiceContext, code, ip string) error {
	site, err := s.Settings.Get(ctx, &settings_rpc.GetRequest{})
	if err != nil {
		return err
	}
	if !site.RegisterOpen && code == "" {
		return errs.RegisterClosed
	}
	if _, err := attempt(ctx, s, s.Limits.Registration(ip), errs.TooMany); err != nil {
		return err
	}
	if !site.RegisterOpen && (site.InviteCode == "" || subtle.ConstantTimeCompare([]byte(code), []byte(site.InviteCode)) != 1) {
		return errs.RegisterClosed
	}
	return nil
}
