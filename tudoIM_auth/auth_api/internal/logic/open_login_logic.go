package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_auth/auth_api/internal/svc"
	"tudoIM/tudoIM_auth/auth_api/internal/types"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
)

// OpenLoginLogic serves one request.
type OpenLoginLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewOpenLoginLogic(ctx context.Context, svcCtx *svc.ServiceContext) *OpenLoginLogic {
	return &OpenLoginLogic{ctx: ctx, svcCtx: svcCtx}
}

// Open a session by a provider, and an account if there is none
func (l *OpenLoginLogic) OpenLogin(req *types.OpenLoginRequest) (*types.LoginResponse, error) {
	t, err := l.svcCtx.Auth.OpenLogin(l.ctx, &auth_rpc.OpenLoginRequest{
		Grant:  &auth_rpc.OpenGrant{Code: req.Code, Flag: req.Flag, State: req.State},
		Device: device(token.From(l.ctx), req.DeviceID, req.Platform, req.DeviceName),
	}, providerWait)
	if err != nil {
		return nil, err
	}
	return login(t), nil
}
