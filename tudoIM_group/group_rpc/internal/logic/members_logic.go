package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
)

// MembersLogic serves one request.
type MembersLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewMembersLogic(ctx context.Context, svcCtx *svc.ServiceContext) *MembersLogic {
	return &MembersLogic{ctx: ctx, svcCtx: svcCtx}
}

// Members returns who is in a group that user_id is in.
func (l *MembersLogic) Members(in *group_rpc.MembersRequest) (*group_rpc.MembersResponse, error) {
	return nil, errs.Internal
}
