package logic

import (
	"context"

	"tudoIM/tudoIM_user/user_rpc/internal/model"
	"tudoIM/tudoIM_user/user_rpc/internal/svc"
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

// Verification tells what target_id asks of who wants to be friends.
func (l *VerificationLogic) Verification(in *user_rpc.CardRequest) (*user_rpc.VerificationResponse, error) {
	_, pair, err := visible(l.ctx, l.svcCtx, in.UserId, in.TargetId)
	if err != nil {
		return nil, err
	}
	conf, err := l.svcCtx.Users.Conf(l.ctx, in.TargetId)
	if err != nil {
		return nil, err
	}
	if in.UserId != in.TargetId && pair.Of(in.TargetId).Blocks {
		return &user_rpc.VerificationResponse{Verification: model.VerifyNobody, Question: &user_rpc.Question{}}, nil
	}
	return &user_rpc.VerificationResponse{Verification: conf.Verification, Question: question(conf.Asked())}, nil
}
