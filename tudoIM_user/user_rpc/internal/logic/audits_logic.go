package logic

import (
	"context"

	"tudoIM/tudoIM_user/user_rpc/internal/model"
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

// Audits reads what was written down.
func (l *AuditsLogic) Audits(in *user_rpc.AuditsRequest) (*user_rpc.AuditsResponse, error) {
	list, more, err := l.svcCtx.Audits.List(l.ctx, model.AuditFilter{
		Operator: in.OperatorId, Target: in.TargetId, Act: in.Act, RefusedOnly: in.RefusedOnly, Before: in.BeforeId,
	}, in.Limit)
	if err != nil {
		return nil, err
	}
	resp := &user_rpc.AuditsResponse{HasMore: more}
	for _, a := range list {
		resp.List = append(resp.List, &user_rpc.Audit{
			Id: a.ID, CreatedAt: a.CreatedAt, OperatorId: a.OperatorID, Act: a.Act, TargetId: a.TargetID,
			About: a.About, Ip: a.IP, Code: a.Code, Times: a.Times, UpdatedAt: a.UpdatedAt,
		})
	}
	return resp, nil
}
