package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/tudoIM_auth/auth_api/internal/svc"
	"tudoIM/tudoIM_auth/auth_api/internal/types"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
)

// AuthenticationLogic serves one request.
type AuthenticationLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewAuthenticationLogic(ctx context.Context, svcCtx *svc.ServiceContext) *AuthenticationLogic {
	return &AuthenticationLogic{ctx: ctx, svcCtx: svcCtx}
}

// Who a token lets in where, for the suite itself: the gateway passes nobody on
func (l *AuthenticationLogic) Authentication(req *types.AuthenticationRequest) (*types.AuthenticationResponse, error) {
	if token.From(l.ctx).UserID != 0 {
		return nil, errs.Forbidden // signed for a user: it came from outside
	}
	a, err := l.svcCtx.Auth.Authenticate(l.ctx, &auth_rpc.AuthenticateRequest{AccessToken: req.Token, Path: req.ValidPath})
	if err != nil {
		return nil, err
	}
	return &types.AuthenticationResponse{UserID: a.UserId, Role: a.Role, SessionID: a.SessionId}, nil
}
