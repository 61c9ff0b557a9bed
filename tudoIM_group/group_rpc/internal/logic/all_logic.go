package logic

import (
	"context"

	"tudoIM/tudoIM_group/group_rpc/internal/model"
	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// AllLogic serves one request.
type AllLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewAllLogic(ctx context.Context, svcCtx *svc.ServiceContext) *AllLogic {
	return &AllLogic{ctx: ctx, svcCtx: svcCtx}
}

// All returns groups as administrators of the site see them.
func (l *AllLogic) All(in *group_rpc.AllRequest) (*group_rpc.GroupsResponse, error) {
	list, count, err := l.svcCtx.Groups.Search(l.ctx, model.Find{Key: in.Key, Status: in.Status, Hidden: true, Page: in.Page, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	return groups(l.ctx, l.svcCtx, 0, list, count)
}
