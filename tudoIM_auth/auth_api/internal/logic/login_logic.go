package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_auth/auth_api/internal/svc"
	"tudoIM/tudoIM_auth/auth_api/internal/types"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
)

// LoginLogic serves one request.
type LoginLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewLoginLogic(ctx context.Context, svcCtx *svc.ServiceContext) *LoginLogic {
	return &LoginLogic{ctx: ctx, svcCtx: svcCtx}
}

// Open a session by name or id
func (l *LoginLogic) Login(req *types.LoginRequest) (resp *types.LoginResponse, err error) {
	t, err := l.svcCtx.Auth.Login(l.ctx, &auth_rpc.LoginRequest{
		UserName: req.UserName, Password: req.Password,
		Device: device(token.From(l.ctx), req.DeviceID, req.Platform, req.DeviceName),
	})
	if err != nil {
		return nil, err
	}
	resp = &types.LoginResponse{
		UserID: t.UserId, Role: t.Role,
		AccessToken: t.AccessToken, RefreshToken: t.RefreshToken, ExpiresIn: t.ExpiresIn,
		Kicked: []types.Kicked{},
	}
	for _, k := range t.Kicked {
		resp.Kicked = append(resp.Kicked, types.Kicked{DeviceID: k.DeviceId, Platform: k.Platform, DeviceName: k.DeviceName})
	}
	return resp, nil
}
