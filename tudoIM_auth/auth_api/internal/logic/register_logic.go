package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/tudoIM_auth/auth_api/internal/svc"
	"tudoIM/tudoIM_auth/auth_api/internal/types"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
)

// RegisterLogic serves one request.
type RegisterLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewRegisterLogic(ctx context.Context, svcCtx *svc.ServiceContext) *RegisterLogic {
	return &RegisterLogic{ctx: ctx, svcCtx: svcCtx}
}

// Make an account and open its first session
func (l *RegisterLogic) Register(req *types.RegisterRequest) (*types.TokensResponse, error) {
	if req.Avatar != "" {
		return nil, errs.AvatarNotMine // who has no account yet has uploaded nothing
	}
	t, err := l.svcCtx.Auth.Register(l.ctx, &auth_rpc.RegisterRequest{
		UserName: req.UserName, Password: req.Password, Nickname: req.Nickname, InviteCode: req.InviteCode,
		Device: device(token.From(l.ctx), req.DeviceID, req.Platform, req.DeviceName),
	})
	if err != nil {
		return nil, err
	}
	return tokens(t), nil
}
