package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_user/user_rpc/internal/svc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// AuditsLogic serves one request.
type AuditsLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewAuditsLogic(ctx context.Context, svcCtx *svc.ServiceContext) *AuditsLogic {
	return &AuditsLogic{ctx: ctx, svcCtx: svcCtx}
}

// Audits reads what was written down. Nothing changes or deletes it.
func (l *AuditsLogic) Audits(in *user_rpc.AuditsRequest) (*user_rpc.AuditsResponse, error) {
	return nil, errs.Internal
}
