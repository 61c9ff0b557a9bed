package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
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

// End a link
func (l *DeleteLinkLogic) DeleteLink(req *types.LinkRequest) error {
	_, err := l.svcCtx.Groups.DeleteLink(l.ctx, &group_rpc.LinkRequest{UserId: token.From(l.ctx).UserID, Code: req.Code})
	return err
}
