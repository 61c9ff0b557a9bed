package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
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

// Requests, and records of who came and left
func (l *RequestsLogic) Requests(req *types.RequestsRequest) (resp *types.RequestsResponse, err error) {
	switch req.Flag {
	case "", "send", "rev":
	default:
		return nil, errs.BadArgument("flag")
	}
	r, err := l.svcCtx.Groups.Requests(l.ctx, &group_rpc.RequestsRequest{
		UserId: token.From(l.ctx).UserID, GroupId: req.GroupID, Flag: req.Flag, Status: req.Status, Type: req.Type, Page: req.Page, Limit: req.Limit,
	})
	if err != nil {
		return nil, err
	}
	var ids []uint64
	for _, i := range r.List {
		ids = append(ids, i.UserId, i.InviterId, i.HandlerId)
	}
	who, err := people(l.ctx, l.svcCtx, ids...)
	if err != nil {
		return nil, err
	}
	return &types.RequestsResponse{List: each(r.List, request(who)), Count: r.Count, PendingCount: r.PendingCount}, nil
}
