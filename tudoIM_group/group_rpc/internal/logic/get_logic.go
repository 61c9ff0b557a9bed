package logic

import (
	"context"

	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// GetLogic serves one request.
type GetLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewGetLogic(ctx context.Context, svcCtx *svc.ServiceContext) *GetLogic {
	return &GetLogic{ctx: ctx, svcCtx: svcCtx}
}

// Get returns a group to its members, and to others if search finds it.
func (l *GetLogic) Get(in *group_rpc.OneRequest) (*group_rpc.Group, error) {
	g, m, err := l.svcCtx.Groups.Get(l.ctx, in.GroupId, in.UserId)
	if err != nil {
		return nil, err
	}
	resp := group(g, m, l.svcCtx.DB.Clock.Milli(l.ctx))
	if resp.Admins, err = l.svcCtx.Groups.Admins(l.ctx, g.ID); err != nil || m == nil {
		return resp, err
	}
	if in.Members {
		if resp.Members, err = l.svcCtx.Groups.Ids(l.ctx, g.ID); err != nil {
			return nil, err
		}
	}
	top, err := l.svcCtx.Groups.TopNotice(l.ctx, g.ID, in.UserId)
	if err != nil {
		return nil, err
	}
	if top != nil {
		resp.Notice = notice(*top)
	}
	return resp, nil
}
