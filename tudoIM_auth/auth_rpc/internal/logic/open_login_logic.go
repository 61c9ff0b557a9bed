package logic

import (
	"context"
	"errors"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_auth/auth_rpc/internal/model"
	"tudoIM/tudoIM_auth/auth_rpc/internal/openlogin"
	"tudoIM/tudoIM_auth/auth_rpc/internal/svc"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// OpenLoginLogic serves one request.
type OpenLoginLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewOpenLoginLogic(ctx context.Context, svcCtx *svc.ServiceContext) *OpenLoginLogic {
	return &OpenLoginLogic{ctx: ctx, svcCtx: svcCtx}
}

// OpenLogin opens a session for somebody a provider has recognised, and makes
// the account before that if there is none.
func (l *OpenLoginLogic) OpenLogin(in *auth_rpc.OpenLoginRequest) (*auth_rpc.Tokens, error) {
	d, err := device(in.Device)
	if err != nil {
		return nil, err
	}
	person, err := recognise(l.ctx, l.svcCtx, in.Grant, d.ID, d.IP)
	if err != nil {
		return nil, err
	}
	id := &user_rpc.OpenId{Provider: in.Grant.Flag, Subject: person.Subject}
	account, err := l.svcCtx.Users.Credentials(l.ctx, &user_rpc.CredentialsRequest{OpenId: id})
	if errors.Is(err, errs.NotFound) {
		account, err = l.create(id, person, d)
	}
	if err != nil {
		return nil, err
	}
	if account.Disabled {
		return nil, errs.Disabled
	}
	return open(l.ctx, l.svcCtx, account, d)
}

// create makes an account for person under the first name that is free. Of
// several at the same time for one person all get the same.
func (l *OpenLoginLogic) create(id *user_rpc.OpenId, person openlogin.Person, d model.Device) (*user_rpc.CredentialsResponse, error) {
	if err := mayRegister(l.ctx, l.svcCtx, "", d.IP); err != nil {
		return nil, err
	}
	var made *user_rpc.CreateResponse
	var err error
	for _, name := range person.Names(id.Provider) {
		made, err = l.svcCtx.Users.Create(l.ctx, &user_rpc.CreateRequest{
			UserName: name, Nickname: person.Nickname(), RegisterSource: id.Provider, OpenId: id,
		})
		if !errors.Is(err, errs.NameTaken) && !errors.Is(err, errs.BadName) {
			break
		}
	}
	if err != nil {
		return nil, err
	}
	return l.svcCtx.Users.Credentials(l.ctx, &user_rpc.CredentialsRequest{UserId: made.UserId})
}
