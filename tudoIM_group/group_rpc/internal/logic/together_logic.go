package logic

import (
	"context"

	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// TogetherLogic serves one request.
type TogetherLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewTogetherLogic(ctx context.Context, svcCtx *svc.ServiceContext) *TogetherLogic {
	return &TogetherLogic{ctx: ctx, svcCtx: svcCtx}
}

// Together returns those of peer_ids with whom user_id is in a group that
// lets its members write to each other without being friends.
func (l *TogetherLogic) Together(in *group_rpc.TogetherRequest) (*group_rpc.TogetherResponse, error) {
	together, err := l.svcCtx.Groups.Together(l.ctx, in.UserId, in.PeerIds)
	if err != nil {
		return nil, err
	}
	return &group_rpc.TogetherResponse{PeerIds: together}, nil
}
