package logic

import (
	"tudoIM/common/token"
	"tudoIM/tudoIM_auth/auth_api/internal/types"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
)

func tokens(t *auth_rpc.Tokens) *types.TokensResponse {
	return &types.TokensResponse{
		UserID: t.UserId, Role: t.Role,
		AccessToken: t.AccessToken, RefreshToken: t.RefreshToken, ExpiresIn: t.ExpiresIn,
	}
}

func device(id token.Identity, deviceID, platform, name string) *auth_rpc.Device {
	return &auth_rpc.Device{Id: deviceID, Platform: platform, Name: name, Ip: id.ClientIP}
}
