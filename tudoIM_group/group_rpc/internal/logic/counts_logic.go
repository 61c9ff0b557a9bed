package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// CountsLogic serves one request.
type CountsLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewCountsLogic(ctx context.Context, svcCtx *svc.ServiceContext) *CountsLogic {
	return &CountsLogic{ctx: ctx, svcCtx: svcCtx}
}

// maxCounts is how many users one call may ask about.
const maxCounts = 100

// Counts tells how many groups users have.
func (l *CountsLogic) Counts(in *group_rpc.CountsRequest) (*group_rpc.CountsResponse, error) {
	if len(in.UserIds) > maxCounts {
		return nil, errs.BadArgument("userIds")
	}
	counts, err := l.svcCtx.Groups.Counts(l.ctx, in.UserIds...)
	if err != nil {
		return nil, err
	}
	resp := &group_rpc.CountsResponse{}
	for _, id := range in.UserIds {
		c := counts[id]
		resp.List = append(resp.List, &group_rpc.Count{UserId: id, Owned: c.Owned, Administered: c.Administered, Joined: c.Joined})
	}
	return resp, nil
}
