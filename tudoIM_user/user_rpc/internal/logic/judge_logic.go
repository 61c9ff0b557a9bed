package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_user/user_rpc/internal/svc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// JudgeLogic serves one request.
type JudgeLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewJudgeLogic(ctx context.Context, svcCtx *svc.ServiceContext) *JudgeLogic {
	return &JudgeLogic{ctx: ctx, svcCtx: svcCtx}
}

// Judge writes down that operator_id is about to do something only
func (l *JudgeLogic) Judge(in *user_rpc.JudgeRequest) (*user_rpc.JudgeResponse, error) {
	return nil, errs.Internal
}
