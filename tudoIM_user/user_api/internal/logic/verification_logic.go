package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_user/user_api/internal/svc"
	"tudoIM/tudoIM_user/user_api/internal/types"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// VerificationLogic serves one request.
type VerificationLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewVerificationLogic(ctx context.Context, svcCtx *svc.ServiceContext) *VerificationLogic {
	return &VerificationLogic{ctx: ctx, svcCtx: svcCtx}
}

// What a user asks of who wants to be friends
func (l *VerificationLogic) Verification(req *types.VerificationRequest) (resp *types.VerificationResponse, err error) {
	r, err := l.svcCtx.Users.Verification(l.ctx, &user_rpc.CardRequest{UserId: token.From(l.ctx).UserID, TargetId: req.ID})
	if err != nil {
		return nil, err
	}
	return &types.VerificationResponse{Verification: r.Verification, VerificationQuestion: question(r.Question)}, nil
}
