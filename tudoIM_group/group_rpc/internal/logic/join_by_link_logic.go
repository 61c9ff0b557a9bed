package logic

import (
	"context"

	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// JoinByLinkLogic serves one request.
type JoinByLinkLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewJoinByLinkLogic(ctx context.Context, svcCtx *svc.ServiceContext) *JoinByLinkLogic {
	return &JoinByLinkLogic{ctx: ctx, svcCtx: svcCtx}
}

// JoinByLink brings user_id in.
func (l *JoinByLinkLogic) JoinByLink(in *group_rpc.LinkRequest) (*group_rpc.JoinResponse, error) {
	done, err := l.svcCtx.Groups.JoinByLink(l.ctx, in.Code, in.UserId)
	if err != nil {
		return nil, err
	}
	tell(l.ctx, l.svcCtx, in.UserId, done)
	return &group_rpc.JoinResponse{Result: joined, GroupId: done.Group.ID}, nil
}
