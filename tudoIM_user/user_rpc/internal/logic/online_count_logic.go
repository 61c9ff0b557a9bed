package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_user/user_rpc/internal/svc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// OnlineCountLogic serves one request.
type OnlineCountLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewOnlineCountLogic(ctx context.Context, svcCtx *svc.ServiceContext) *OnlineCountLogic {
	return &OnlineCountLogic{ctx: ctx, svcCtx: svcCtx}
}

// OnlineCount tells how many of many are online, of those who show it; none
func (l *OnlineCountLogic) OnlineCount(in *user_rpc.OnlineCountRequest) (*user_rpc.OnlineCountResponse, error) {
	return nil, errs.Internal
}
