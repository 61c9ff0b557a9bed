package logic

import (
	"context"

	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
	"tudoIM/tudoIM_user/user_api/internal/svc"
	"tudoIM/tudoIM_user/user_api/internal/types"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// SetStatusLogic serves one request.
type SetStatusLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewSetStatusLogic(ctx context.Context, svcCtx *svc.ServiceContext) *SetStatusLogic {
	return &SetStatusLogic{ctx: ctx, svcCtx: svcCtx}
}

// Put an account out of use, which ends its sessions, or in use again
func (l *SetStatusLogic) SetStatus(req *types.SetStatusRequest) error {
	me, err := administrator(l.ctx)
	if err != nil {
		return err
	}
	_, err = l.svcCtx.Users.SetStatus(l.ctx, &user_rpc.SetStatusRequest{OperatorId: me, UserId: req.ID, Disabled: req.Disabled})
	if err != nil || !req.Disabled {
		return err
	}
	_, err = l.svcCtx.Auth.Logout(l.ctx, &auth_rpc.LogoutRequest{UserId: req.ID, All: true})
	return err
}
