package logic

import (
	"context"

	"github.com/zeromicro/go-zero/core/logx"

	"tudoIM/common/presence"
	"tudoIM/tudoIM_user/user_rpc/internal/svc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// OnlineLogic serves one request.
type OnlineLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewOnlineLogic(ctx context.Context, svcCtx *svc.ServiceContext) *OnlineLogic {
	return &OnlineLogic{ctx: ctx, svcCtx: svcCtx}
}

// Online tells who of many is online, as far as user_id may see it.
func (l *OnlineLogic) Online(in *user_rpc.OnlineRequest) (*user_rpc.OnlineResponse, error) {
	may, err := NewWatchableLogic(l.ctx, l.svcCtx).Watchable(&user_rpc.WatchableRequest{UserId: in.UserId, UserIds: in.UserIds})
	if err != nil {
		return nil, err
	}
	states, err := presence.Read(l.ctx, l.svcCtx.Redis, may.UserIds...)
	if err != nil {
		logx.WithContext(l.ctx).Errorf("users are shown offline: %v", err)
	}
	resp, told := &user_rpc.OnlineResponse{}, map[uint64]bool{}
	for _, id := range in.UserIds {
		if told[id] {
			continue
		}
		told[id] = true
		s := states[id]
		resp.List = append(resp.List, &user_rpc.UserState{UserId: id, IsOnline: s.IsOnline, Platforms: s.Platforms, LastSeenAt: s.LastSeenAt})
	}
	return resp, nil
}
