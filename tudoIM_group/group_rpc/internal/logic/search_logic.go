package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_rpc/internal/svc"
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

// Search returns groups that let themselves be found.
func (l *SearchLogic) Search(in *group_rpc.SearchRequest) (*group_rpc.GroupsResponse, error) {
	return nil, errs.Internal
}
