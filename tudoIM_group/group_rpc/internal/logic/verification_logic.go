package logic

import (
	"context"

	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// VerificationLogic serves one request.
type VerificationLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewVerificationLogic(ctx context.Context, svcCtx *svc.ServiceContext) *VerificationLogic {
	return &VerificationLogic{ctx: ctx, svcCtx: svcCtx}
}

// Verification tells how one gets into a group.
func (l *VerificationLogic) Verification(in *group_rpc.OneRequest) (*group_rpc.VerificationResponse, error) {
	g, _, err := l.svcCtx.Groups.Get(l.ctx, in.GroupId, in.UserId)
	if err != nil {
		return nil, err
	}
	return &group_rpc.VerificationResponse{Verification: g.Verification, Question: question(g.Question.Asked(g.Verification))}, nil
}
