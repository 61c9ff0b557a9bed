package logic

import (
	"context"

	"tudoIM/tudoIM_auth/auth_rpc/internal/model"
	"tudoIM/tudoIM_auth/auth_rpc/internal/svc"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// DeleteAccountLogic serves one request.
type DeleteAccountLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewDeleteAccountLogic(ctx context.Context, svcCtx *svc.ServiceContext) *DeleteAccountLogic {
	return &DeleteAccountLogic{ctx: ctx, svcCtx: svcCtx}
}

// DeleteAccount closes one's own account for ever; user_rpc ends its sessions.
func (l *DeleteAccountLogic) DeleteAccount(in *auth_rpc.DeleteAccountRequest) (*auth_rpc.DeleteAccountResponse, error) {
	c := in.Caller
	err := l.svcCtx.Tokens.Confirmed(in.ConfirmToken, c.GetUserId(), c.GetSessionId(), model.SceneDeleteAccount, l.svcCtx.DB.Clock.Now(l.ctx))
	if err != nil {
		return nil, err
	}
	if _, err := l.svcCtx.Users.Delete(l.ctx, &user_rpc.DeleteRequest{UserId: c.UserId}); err != nil {
		return nil, err
	}
	return &auth_rpc.DeleteAccountResponse{}, nil
}
