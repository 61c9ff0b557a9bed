package logic

import (
	"context"

	"tudoIM/tudoIM_auth/auth_api/internal/svc"
	"tudoIM/tudoIM_auth/auth_api/internal/types"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
)

// ConfirmLogic serves one request.
type ConfirmLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewConfirmLogic(ctx context.Context, svcCtx *svc.ServiceContext) *ConfirmLogic {
	return &ConfirmLogic{ctx: ctx, svcCtx: svcCtx}
}

// Make sure it is the owner who asks; the answer goes into the header X-Confirm-Token
func (l *ConfirmLogic) Confirm(req *types.ConfirmRequest) (*types.ConfirmResponse, error) {
	in := &auth_rpc.ConfirmRequest{Caller: caller(l.ctx), Scene: req.Scene, Password: req.Password}
	if req.Flag != "" || req.Code != "" || req.State != "" {
		in.Grant = &auth_rpc.OpenGrant{Flag: req.Flag, Code: req.Code, State: req.State}
	}
	c, err := l.svcCtx.Auth.Confirm(l.ctx, in, providerWait)
	if err != nil {
		return nil, err
	}
	return &types.ConfirmResponse{ConfirmToken: c.ConfirmToken, ExpiresIn: c.ExpiresIn}, nil
}
