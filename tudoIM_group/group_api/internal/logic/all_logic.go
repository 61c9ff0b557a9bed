package logic

import (
	"context"

	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
	"tudoIM/tudoIM_user/user_rpc/admin"
)

// AllLogic serves one request.
type AllLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewAllLogic(ctx context.Context, svcCtx *svc.ServiceContext) *AllLogic {
	return &AllLogic{ctx: ctx, svcCtx: svcCtx}
}

// Groups as administrators see them
func (l *AllLogic) All(req *types.AllRequest) (resp *types.CardsResponse, err error) {
	err = admin.Act(l.ctx, l.svcCtx.Users, "group.list", 0, "", func(uint64) error {
		r, err := l.svcCtx.Groups.All(l.ctx, &group_rpc.AllRequest{Key: req.Key, Status: req.Status, Page: req.Page, Limit: req.Limit})
		if err != nil {
			return err
		}
		resp = &types.CardsResponse{List: each(r.List, card), Count: r.Count}
		return nil
	})
	return resp, err
}
