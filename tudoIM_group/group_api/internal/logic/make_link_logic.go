package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
)

// MakeLinkLogic serves one request.
type MakeLinkLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewMakeLinkLogic(ctx context.Context, svcCtx *svc.ServiceContext) *MakeLinkLogic {
	return &MakeLinkLogic{ctx: ctx, svcCtx: svcCtx}
}

// Make a link that lets people in
func (l *MakeLinkLogic) MakeLink(req *types.MakeLinkRequest) (resp *types.MakeLinkResponse, err error) {
	return resp, errs.Internal
}
