package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_user/user_api/internal/svc"
	"tudoIM/tudoIM_user/user_api/internal/types"
)

// SearchLogic serves one request.
type SearchLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewSearchLogic(ctx context.Context, svcCtx *svc.ServiceContext) *SearchLogic {
	return &SearchLogic{ctx: ctx, svcCtx: svcCtx}
}

// Find users by id or nickname
func (l *SearchLogic) Search(req *types.SearchRequest) (resp *types.SearchResponse, err error) {
	return resp, errs.Internal
}
