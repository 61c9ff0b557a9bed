package logic

import (
	"context"

	"tudoIM/common/token"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
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

// Join by a link
func (l *JoinByLinkLogic) JoinByLink(req *types.LinkRequest) (resp *types.JoinResponse, err error) {
	r, err := l.svcCtx.Groups.JoinByLink(l.ctx, &group_rpc.LinkRequest{UserId: token.From(l.ctx).UserID, Code: req.Code})
	if err != nil {
		return nil, err
	}
	return joined(r), nil
}
