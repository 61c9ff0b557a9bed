package logic

import (
	"context"
	"time"

	"github.com/zeromicro/go-zero/zrpc"

	"tudoIM/common/token"
	"tudoIM/tudoIM_auth/auth_api/internal/types"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
)

// providerWait is for calls in which auth_rpc may have to ask a login
// provider; it is less than the route's own time.
var providerWait = zrpc.WithCallTimeout(7 * time.Second)

func tokens(t *auth_rpc.Tokens) *types.TokensResponse {
	return &types.TokensResponse{
		UserID: t.UserId, Role: t.Role,
		AccessToken: t.AccessToken, RefreshToken: t.RefreshToken, ExpiresIn: t.ExpiresIn,
	}
}

func login(t *auth_rpc.Tokens) *types.LoginResponse {
	resp := &types.LoginResponse{
		UserID: t.UserId, Role: t.Role,
		AccessToken: t.AccessToken, RefreshToken: t.RefreshToken, ExpiresIn: t.ExpiresIn,
		Kicked: []types.Kicked{},
	}
	for _, k := range t.Kicked {
		resp.Kicked = append(resp.Kicked, types.Kicked{DeviceID: k.DeviceId, Platform: k.Platform, DeviceName: k.DeviceName})
	}
	return resp
}

func device(id token.Identity, deviceID, platform, name string) *auth_rpc.Device {
	return &auth_rpc.Device{Id: deviceID, Platform: platform, Name: name, Ip: id.ClientIP}
}

// caller is who asks in ctx.
func caller(ctx context.Context) *auth_rpc.Caller {
	me := token.From(ctx)
	return &auth_rpc.Caller{UserId: me.UserID, SessionId: me.SessionID, DeviceId: me.DeviceID, Ip: me.ClientIP}
}
