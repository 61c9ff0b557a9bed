package logic

import (
	"context"
	"errors"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_auth/auth_rpc/internal/model"
	"tudoIM/tudoIM_auth/auth_rpc/internal/svc"
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

// Refresh rotates a session's pair. A token used twice ends the session: of
// uses at the same time one gets the next pair, one errs.RefreshReused, which
// ends the session with that pair, and the rest errs.RefreshExpired.
func (l *RefreshLogic) Refresh(in *auth_rpc.RefreshRequest) (*auth_rpc.Tokens, error) {
	id, generation, secret, err := l.svcCtx.Tokens.ParseRefresh(in.RefreshToken)
	if err != nil {
		return nil, err
	}
	account, err := owner(l.ctx, l.svcCtx, id)
	if err != nil {
		return nil, err
	}
	now := l.svcCtx.DB.Clock.Now(l.ctx)
	var next string
	session, err := l.svcCtx.Sessions.Rotate(l.ctx, id, generation, secret, in.DeviceId, now, func(s *model.SessionModel) {
		s.Role = account.Role
		next = l.svcCtx.Tokens.Renew(s, now)
	})
	if errors.Is(err, errs.RefreshReused) {
		kick(l.ctx, l.svcCtx, session.UserID, []uint64{id}, kickEvent{Reason: model.ReasonReused})
	}
	if err != nil {
		return nil, err
	}
	return tokens(l.ctx, l.svcCtx, session, next)
}
