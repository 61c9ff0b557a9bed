package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_user/user_rpc/internal/svc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// CredentialsLogic serves one request.
type CredentialsLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewCredentialsLogic(ctx context.Context, svcCtx *svc.ServiceContext) *CredentialsLogic {
	return &CredentialsLogic{ctx: ctx, svcCtx: svcCtx}
}

// Credentials returns what auth_rpc needs to judge a login; error 10006
func (l *CredentialsLogic) Credentials(in *user_rpc.CredentialsRequest) (*user_rpc.CredentialsResponse, error) {
	return nil, errs.Internal
}
