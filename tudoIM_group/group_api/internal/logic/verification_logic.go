package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
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

// How one gets into a group
func (l *VerificationLogic) Verification(req *types.VerificationRequest) (resp *types.VerificationResponse, err error) {
	r, err := l.svcCtx.Groups.Verification(l.ctx, &group_rpc.OneRequest{UserId: token.From(l.ctx).UserID, GroupId: req.ID})
	if err != nil {
		return nil, err
	}
	q := question(r.Question)
	return &types.VerificationResponse{
		Verification: r.Verification, VerificationQuestion: types.Question{Problem1: q.Problem1, Problem2: q.Problem2, Problem3: q.Problem3},
	}, nil
}
