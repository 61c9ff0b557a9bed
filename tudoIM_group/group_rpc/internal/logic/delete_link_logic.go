package logic

import (
	"context"

	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// DeleteLinkLogic serves one request.
type DeleteLinkLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewDeleteLinkLogic(ctx context.Context, svcCtx *svc.ServiceContext) *DeleteLinkLogic {
	return &DeleteLinkLogic{ctx: ctx, svcCtx: svcCtx}
}

// DeleteLink ends a link.
func (l *DeleteLinkLogic) DeleteLink(in *group_rpc.LinkRequest) (*group_rpc.DoneResponse, error) {
	if err := l.svcCtx.Groups.DeleteLink(l.ctx, in.Code, in.UserId); err != nil {
		return nil, err
	}
	return &group_rpc.DoneResponse{}, nil
}
