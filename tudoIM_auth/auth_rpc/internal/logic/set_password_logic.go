package logic

import (
	"context"
	"strconv"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_auth/auth_rpc/internal/model"
	"tudoIM/tudoIM_auth/auth_rpc/internal/svc"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// SetPasswordLogic serves one request.
type SetPasswordLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewSetPasswordLogic(ctx context.Context, svcCtx *svc.ServiceContext) *SetPasswordLogic {
	return &SetPasswordLogic{ctx: ctx, svcCtx: svcCtx}
}

// SetPassword changes one's own password, on the word of the old one, or of a
// confirmation where there is none, and ends one's other sessions.
func (l *SetPasswordLogic) SetPassword(in *auth_rpc.SetPasswordRequest) (*auth_rpc.SetPasswordResponse, error) {
	if err := model.CheckStrength(in.NewPassword); err != nil {
		return nil, err
	}
	account, err := self(l.ctx, l.svcCtx, in.Caller)
	if err != nil {
		return nil, err
	}
	if err := l.permitted(in, account); err != nil {
		return nil, err
	}
	hash, err := l.svcCtx.Passwords.Hash(l.ctx, in.NewPassword)
	if err != nil {
		return nil, err
	}
	_, err = l.svcCtx.Users.SetPwd(l.ctx, &user_rpc.SetPwdRequest{
		UserId: account.UserId, Pwd: hash, AuthVer: account.AuthVer, KeepSessionId: in.Caller.SessionId,
	})
	if err != nil {
		return nil, err
	}
	return &auth_rpc.SetPasswordResponse{}, nil
}

// permitted reports why who asks may not have the new password, or nil.
func (l *SetPasswordLogic) permitted(in *auth_rpc.SetPasswordRequest, account *user_rpc.CredentialsResponse) error {
	c := in.Caller
	if account.Pwd == "" {
		return l.svcCtx.Tokens.Confirmed(in.ConfirmToken, c.UserId, c.SessionId, model.SceneSetPassword, l.svcCtx.DB.Clock.Now(l.ctx))
	}
	typed := strconv.FormatUint(c.UserId, 10)
	if err := judge(l.ctx, l.svcCtx, account, typed, in.OldPassword, c.DeviceId, c.Ip); err != nil {
		return err
	}
	if in.NewPassword == in.OldPassword {
		return errs.BadArgument("newPassword")
	}
	return nil
}
