package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// SearchLogic serves one request.
type SearchLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewSearchLogic(ctx context.Context, svcCtx *svc.ServiceContext) *SearchLogic {
	return &SearchLogic{ctx: ctx, svcCtx: svcCtx}
}

// Find groups by title or number
func (l *SearchLogic) Search(req *types.SearchRequest) (resp *types.CardsResponse, err error) {
	found, err := l.svcCtx.Groups.Search(l.ctx, &group_rpc.SearchRequest{UserId: token.From(l.ctx).UserID, Key: req.Key, Page: req.Page, Limit: req.Limit})
	if err != nil {
		return nil, err
	}
	return &types.CardsResponse{List: each(found.List, card), Count: found.Count}, nil
}
