package logic

import (
	"context"

	"tudoIM/tudoIM_user/user_api/internal/svc"
	"tudoIM/tudoIM_user/user_api/internal/types"
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

// Say what a user may not do, and until when; only the keys present change
func (l *CurtailLogic) Curtail(req *types.CurtailRequest) error {
	me, err := administrator(l.ctx)
	if err != nil {
		return err
	}
	_, err = l.svcCtx.Users.Curtail(l.ctx, &user_rpc.CurtailRequest{
		OperatorId: me, UserId: req.ID, CurtailChat: req.CurtailChat, CurtailAddUser: req.CurtailAddUser,
		CurtailCreateGroup: req.CurtailCreateGroup, CurtailInGroupChat: req.CurtailInGroupChat, Until: req.Until,
	})
	return err
}
