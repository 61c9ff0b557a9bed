package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
)

// MembersLogic serves one request.
type MembersLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewMembersLogic(ctx context.Context, svcCtx *svc.ServiceContext) *MembersLogic {
	return &MembersLogic{ctx: ctx, svcCtx: svcCtx}
}

// Who is in a group
func (l *MembersLogic) Members(req *types.MembersRequest) (resp *types.MembersResponse, err error) {
	return resp, errs.Internal
}
