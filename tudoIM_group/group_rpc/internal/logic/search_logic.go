package logic

import (
	"context"

	"tudoIM/tudoIM_group/group_rpc/internal/model"
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
	list, count, err := l.svcCtx.Groups.Search(l.ctx, model.Find{Key: in.Key, Page: in.Page, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	return groups(l.ctx, l.svcCtx, in.UserId, list, count)
}
