package logic

import (
	"context"

	"tudoIM/tudoIM_auth/auth_api/internal/svc"
	"tudoIM/tudoIM_auth/auth_api/internal/types"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
)

// RefreshLogic serves one request.
type RefreshLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewRefreshLogic(ctx context.Context, svcCtx *svc.ServiceContext) *RefreshLogic {
	return &RefreshLogic{ctx: ctx, svcCtx: svcCtx}
}

// Exchange the refresh token for a new pair
func (l *RefreshLogic) Refresh(req *types.RefreshRequest) (resp *types.TokensResponse, err error) {
	t, err := l.svcCtx.Auth.Refresh(l.ctx, &auth_rpc.RefreshRequest{RefreshToken: req.RefreshToken, DeviceId: req.DeviceID})
	if err != nil {
		return nil, err
	}
	return tokens(t), nil
}
