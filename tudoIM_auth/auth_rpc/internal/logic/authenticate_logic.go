package logic

import (
	"context"
	"net/url"
	"path"
	"slices"
	"strings"

	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/tudoIM_auth/auth_rpc/internal/svc"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
)

// AuthenticateLogic serves one request.
type AuthenticateLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewAuthenticateLogic(ctx context.Context, svcCtx *svc.ServiceContext) *AuthenticateLogic {
	return &AuthenticateLogic{ctx: ctx, svcCtx: svcCtx}
}

// Authenticate tells who an access token lets in where, as the account is now.
func (l *AuthenticateLogic) Authenticate(in *auth_rpc.AuthenticateRequest) (*auth_rpc.AuthenticateResponse, error) {
	admin, err := belowAdmin(in.Path)
	if err != nil {
		return nil, err
	}
	id, _, err := token.Parse(l.svcCtx.Tokens.Secret, in.AccessToken, l.svcCtx.DB.Clock.Now(l.ctx))
	if err != nil {
		return nil, err
	}
	if _, err := l.svcCtx.Sessions.Living(l.ctx, id.UserID, id.SessionID); err != nil {
		return nil, err
	}
	account, err := self(l.ctx, l.svcCtx, &auth_rpc.Caller{UserId: id.UserID})
	if err != nil {
		return nil, err
	}
	if admin && account.Role != token.RoleAdmin {
		return nil, errs.Forbidden
	}
	return &auth_rpc.AuthenticateResponse{UserId: id.UserID, Role: account.Role, SessionId: id.SessionID}, nil
}

// maxPath bounds a path that is asked about.
const maxPath = 8 << 10

// belowAdmin reports whether p, a path as a client asked for it, has a segment
// "admin", however it is written.
func belowAdmin(p string) (bool, error) {
	p, _, _ = strings.Cut(p, "?")
	plain, err := url.PathUnescape(p)
	if err != nil || !strings.HasPrefix(plain, "/") || len(p) > maxPath {
		return false, errs.BadArgument("ValidPath")
	}
	return slices.Contains(strings.Split(strings.ToLower(path.Clean(plain)), "/"), "admin"), nil
}
