package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_user/user_api/internal/svc"
	"tudoIM/tudoIM_user/user_api/internal/types"
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

// Who of these is online, as far as I may see it
func (l *OnlineLogic) Online(req *types.OnlineRequest) (resp *types.OnlineResponse, err error) {
	r, err := l.svcCtx.Users.Online(l.ctx, &user_rpc.OnlineRequest{UserId: token.From(l.ctx).UserID, UserIds: req.UserIDs})
	if err != nil {
		return nil, err
	}
	resp = &types.OnlineResponse{List: make([]types.UserState, 0, len(r.List))}
	for _, s := range r.List {
		resp.List = append(resp.List, types.UserState{
			UserID: s.UserId, IsOnline: s.IsOnline, Platforms: append([]string{}, s.Platforms...), LastSeenAt: s.LastSeenAt,
		})
	}
	return resp, nil
}
