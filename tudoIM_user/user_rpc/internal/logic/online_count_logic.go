package logic

import (
	"context"
	"maps"
	"slices"

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

// maxCounted is how many users one call may ask about: as many as a group has.
const maxCounted = 2000

// OnlineCount tells how many of many are online, of those who show it.
func (l *OnlineCountLogic) OnlineCount(in *user_rpc.OnlineCountRequest) (*user_rpc.OnlineCountResponse, error) {
	if len(in.UserIds) > maxCounted {
		return nil, errs.BadArgument("userIds")
	}
	shown, err := l.svcCtx.Users.Shows(l.ctx, in.UserIds...)
	if err != nil {
		return nil, err
	}
	ids := slices.Collect(maps.Keys(shown))
	return &user_rpc.OnlineCountResponse{Count: int64(len(connected(l.ctx, l.svcCtx.Redis, ids...)))}, nil
}
