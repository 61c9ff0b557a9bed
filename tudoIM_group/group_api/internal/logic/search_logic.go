package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
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
	return resp, errs.Internal
}
