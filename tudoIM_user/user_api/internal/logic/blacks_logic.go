package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_user/user_api/internal/svc"
	"tudoIM/tudoIM_user/user_api/internal/types"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// BlacksLogic serves one request.
type BlacksLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewBlacksLogic(ctx context.Context, svcCtx *svc.ServiceContext) *BlacksLogic {
	return &BlacksLogic{ctx: ctx, svcCtx: svcCtx}
}

// Whom I block
func (l *BlacksLogic) Blacks(req *types.BlacksRequest) (resp *types.BlacksResponse, err error) {
	mine, err := l.svcCtx.Users.Blacks(l.ctx, &user_rpc.BlacksRequest{
		UserId: token.From(l.ctx).UserID, Page: req.Page, Limit: req.Limit,
	})
	if err != nil {
		return nil, err
	}
	resp = &types.BlacksResponse{List: make([]types.Black, 0, len(mine.List)), Count: mine.Count}
	for _, p := range mine.List {
		resp.List = append(resp.List, types.Black{UserID: p.UserId, Nickname: p.Nickname, Abstract: p.Abstract, Avatar: p.Avatar})
	}
	return resp, nil
}
