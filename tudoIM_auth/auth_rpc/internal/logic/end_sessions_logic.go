package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_auth/auth_rpc/internal/svc"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
)

// EndSessionsLogic serves one request.
type EndSessionsLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewEndSessionsLogic(ctx context.Context, svcCtx *svc.ServiceContext) *EndSessionsLogic {
	return &EndSessionsLogic{ctx: ctx, svcCtx: svcCtx}
}

// EndSessions ends the sessions of a user that were opened on the word of a
func (l *EndSessionsLogic) EndSessions(in *auth_rpc.EndSessionsRequest) (*auth_rpc.EndSessionsResponse, error) {
	return nil, errs.Internal
}
