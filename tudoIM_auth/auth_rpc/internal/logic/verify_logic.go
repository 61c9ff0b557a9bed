package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/tudoIM_auth/auth_rpc/internal/svc"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
)

// VerifyLogic serves one request.
type VerifyLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewVerifyLogic(ctx context.Context, svcCtx *svc.ServiceContext) *VerifyLogic {
	return &VerifyLogic{ctx: ctx, svcCtx: svcCtx}
}

// Verify tells whose an access token is: error 10002 when it is none of
// ours, 10003 when it has ended, 10004 when its session has. There is no
// leeway as for a request, for the answer is to be gone by until the end.
func (l *VerifyLogic) Verify(in *auth_rpc.VerifyRequest) (*auth_rpc.VerifyResponse, error) {
	now := l.svcCtx.DB.Clock.Now(l.ctx)
	id, end, err := token.Parse(l.svcCtx.Tokens.Secret, in.AccessToken, now)
	if err != nil {
		return nil, err
	}
	left := end.Unix() - now.Unix()
	if left <= 0 {
		return nil, errs.TokenExpired
	}
	if _, err := l.svcCtx.Sessions.Living(l.ctx, id.UserID, id.SessionID); err != nil {
		return nil, err
	}
	return &auth_rpc.VerifyResponse{UserId: id.UserID, SessionId: id.SessionID, ExpiresAt: end.Unix(), ExpiresIn: left}, nil
}
