package logic

import (
	"context"
	"errors"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_user/user_rpc/internal/model"
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
// administrators may.
func (l *JudgeLogic) Judge(in *user_rpc.JudgeRequest) (*user_rpc.JudgeResponse, error) {
	refusal := l.svcCtx.Users.Administers(l.ctx, in.OperatorId)
	if refusal != nil && !errors.Is(refusal, errs.Forbidden) {
		return nil, refusal
	}
	a := &model.AuditModel{OperatorID: in.OperatorId, Act: in.Act, TargetID: in.TargetId, About: in.About, IP: in.Ip}
	if refusal != nil {
		a.Code = int32(errs.Forbidden.Code) // #nosec G115 -- a code has five digits
	}
	if err := l.svcCtx.Audits.Enter(l.ctx, a, l.svcCtx.DB.Clock.Now(l.ctx)); err != nil {
		return nil, err
	}
	if refusal != nil {
		return nil, refusal
	}
	return &user_rpc.JudgeResponse{AuditId: a.ID}, nil
}
