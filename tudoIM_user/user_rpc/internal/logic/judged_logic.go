package logic

import (
	"context"

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
	if err := l.svcCtx.Audits.Refused(l.ctx, in.AuditId, in.Code, l.svcCtx.DB.Clock.Now(l.ctx)); err != nil {
		return nil, err
	}
	return &user_rpc.JudgedResponse{}, nil
}
