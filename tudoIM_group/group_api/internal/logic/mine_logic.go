package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// MineLogic serves one request.
type MineLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewMineLogic(ctx context.Context, svcCtx *svc.ServiceContext) *MineLogic {
	return &MineLogic{ctx: ctx, svcCtx: svcCtx}
}

// My groups
func (l *MineLogic) Mine(req *types.MineRequest) (resp *types.CardsResponse, err error) {
	mine, err := l.svcCtx.Groups.Mine(l.ctx, &group_rpc.MineRequest{UserId: token.From(l.ctx).UserID, Mode: req.Mode, Page: req.Page, Limit: req.Limit})
	if err != nil {
		return nil, err
	}
	return &types.CardsResponse{List: each(mine.List, card), Count: mine.Count}, nil
}
