package logic

import (
	"context"

	"tudoIM/tudoIM_user/user_rpc/internal/model"
	"tudoIM/tudoIM_user/user_rpc/internal/svc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// CurtailLogic serves one request.
type CurtailLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewCurtailLogic(ctx context.Context, svcCtx *svc.ServiceContext) *CurtailLogic {
	return &CurtailLogic{ctx: ctx, svcCtx: svcCtx}
}

// Curtail says what a user may not do.
func (l *CurtailLogic) Curtail(in *user_rpc.CurtailRequest) (*user_rpc.CurtailResponse, error) {
	if err := l.svcCtx.Users.MayJudge(l.ctx, in.OperatorId, in.UserId); err != nil {
		return nil, err
	}
	a, err := l.svcCtx.Users.Curtail(l.ctx, in.UserId, model.Curtailment{
		Chat: in.CurtailChat, AddUser: in.CurtailAddUser, CreateGroup: in.CurtailCreateGroup, InGroupChat: in.CurtailInGroupChat,
		Until: in.Until,
	}, l.svcCtx.DB.Clock.Now(l.ctx))
	if err != nil {
		return nil, err
	}
	if err := settleAccount(l.ctx, l.svcCtx, a); err != nil {
		return nil, err
	}
	return &user_rpc.CurtailResponse{}, nil
}
