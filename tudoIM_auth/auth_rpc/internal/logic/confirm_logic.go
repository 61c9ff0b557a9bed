package logic

import (
	"context"
	"errors"
	"strconv"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_auth/auth_rpc/internal/model"
	"tudoIM/tudoIM_auth/auth_rpc/internal/svc"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// ConfirmLogic serves one request.
type ConfirmLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewConfirmLogic(ctx context.Context, svcCtx *svc.ServiceContext) *ConfirmLogic {
	return &ConfirmLogic{ctx: ctx, svcCtx: svcCtx}
}

// Confirm makes sure again that it is the owner who asks, by the password or
// by a provider whose account opens this one.
func (l *ConfirmLogic) Confirm(in *auth_rpc.ConfirmRequest) (*auth_rpc.ConfirmResponse, error) {
	if err := model.CheckScene(in.Scene); err != nil {
		return nil, err
	}
	if (in.Password == "") == (in.Grant == nil) {
		return nil, errs.BadArgument("password")
	}
	account, err := self(l.ctx, l.svcCtx, in.Caller)
	if err != nil {
		return nil, err
	}
	if err := l.isOwner(in, account); err != nil {
		return nil, err
	}
	c := in.Caller
	token, err := l.svcCtx.Tokens.ConfirmToken(c.UserId, c.SessionId, in.Scene, l.svcCtx.DB.Clock.Now(l.ctx))
	if err != nil {
		return nil, err
	}
	return &auth_rpc.ConfirmResponse{ConfirmToken: token, ExpiresIn: int64(model.ConfirmTTL.Seconds())}, nil
}

// isOwner reports why it is not the owner of account who asks, or nil.
func (l *ConfirmLogic) isOwner(in *auth_rpc.ConfirmRequest, account *user_rpc.CredentialsResponse) error {
	c := in.Caller
	if in.Grant == nil {
		return judge(l.ctx, l.svcCtx, account, strconv.FormatUint(c.UserId, 10), in.Password, c.DeviceId, c.Ip)
	}
	person, err := recognise(l.ctx, l.svcCtx, in.Grant, c.DeviceId, c.Ip)
	if err != nil {
		return err
	}
	other, err := l.svcCtx.Users.Credentials(l.ctx, &user_rpc.CredentialsRequest{
		OpenId: &user_rpc.OpenId{Provider: in.Grant.Flag, Subject: person.Subject},
	})
	switch {
	case errors.Is(err, errs.NotFound), err == nil && other.UserId != account.UserId:
		return errs.NotRecognised // somebody, but not the owner
	case err != nil:
		return err
	}
	return nil
}
