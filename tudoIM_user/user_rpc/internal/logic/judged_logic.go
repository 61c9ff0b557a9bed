package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_user/user_rpc/internal/svc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// JudgedLogic serves one request.
type JudgedLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewJudgedLogic(ctx context.Context, svcCtx *svc.ServiceContext) *JudgedLogic {
	return &JudgedLogic{ctx: ctx, svcCtx: svcCtx}
}

// Judged adds why what was judged has not been done after all.
func (l *JudgedLogic) Judged(in *user_rpc.JudgedRequest) (*user_rpc.JudgedResponse, error) {
	return nil, errs.Internal
}
