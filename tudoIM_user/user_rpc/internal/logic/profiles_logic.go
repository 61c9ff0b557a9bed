package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_user/user_rpc/internal/svc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// ProfilesLogic serves one request.
type ProfilesLogic struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func NewProfilesLogic(ctx context.Context, svcCtx *svc.ServiceContext) *ProfilesLogic {
	return &ProfilesLogic{ctx: ctx, svcCtx: svcCtx}
}

func (l *ProfilesLogic) Profiles(in *user_rpc.ProfilesRequest) (*user_rpc.ProfilesResponse, error) {
	return nil, errs.Internal
}
