package logic

import (
	"context"
	"maps"
	"slices"

	"tudoIM/tudoIM_group/group_rpc/internal/model"
	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// RequestsLogic serves one request.
type RequestsLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewRequestsLogic(ctx context.Context, svcCtx *svc.ServiceContext) *RequestsLogic {
	return &RequestsLogic{ctx: ctx, svcCtx: svcCtx}
}

// Requests returns requests and records of who came and left.
func (l *RequestsLogic) Requests(in *group_rpc.RequestsRequest) (*group_rpc.RequestsResponse, error) {
	list, count, err := l.svcCtx.Groups.Requests(l.ctx, model.Lookup{
		User: in.UserId, Group: in.GroupId, Flag: in.Flag, Status: in.Status, Type: in.Type, Page: in.Page, Limit: in.Limit,
	})
	if err != nil {
		return nil, err
	}
	waiting, err := l.svcCtx.Groups.Pending(l.ctx, in.UserId)
	if err != nil {
		return nil, err
	}
	resp := &group_rpc.RequestsResponse{Count: count, PendingCount: waiting}
	of, err := l.shown(in.UserId, list)
	if err != nil {
		return nil, err
	}
	for _, v := range list {
		resp.List = append(resp.List, request(v, of[v.GroupID], in.UserId))
	}
	return resp, nil
}

// shown are the groups of list that user may know of, by id: one may have hidden
// itself since it was asked.
func (l *RequestsLogic) shown(user uint64, list []*model.GroupVerifyModel) (map[uint64]*model.GroupModel, error) {
	var ids []uint64
	for _, v := range list {
		ids = append(ids, v.GroupID)
	}
	of, err := l.svcCtx.Groups.ByIDs(l.ctx, ids...)
	if err != nil {
		return nil, err
	}
	rows, err := l.svcCtx.Groups.Rows(l.ctx, user, slices.Collect(maps.Values(of))...)
	if err != nil {
		return nil, err
	}
	maps.DeleteFunc(of, func(id uint64, g *model.GroupModel) bool { return g.Show(rows[id]) != nil })
	return of, nil
}
