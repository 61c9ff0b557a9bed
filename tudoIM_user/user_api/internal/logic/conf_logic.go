package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_user/user_api/internal/svc"
	"tudoIM/tudoIM_user/user_api/internal/types"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// ConfLogic serves one request.
type ConfLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewConfLogic(ctx context.Context, svcCtx *svc.ServiceContext) *ConfLogic {
	return &ConfLogic{ctx: ctx, svcCtx: svcCtx}
}

// How I have it
func (l *ConfLogic) Conf() (resp *types.Conf, err error) {
	me, err := l.svcCtx.Users.Info(l.ctx, &user_rpc.UserIdRequest{UserId: token.From(l.ctx).UserID})
	if err != nil {
		return nil, err
	}
	c := conf(me.Conf)
	return &c, nil
}
