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

// maxProfiles is how many profiles one call may ask for.
const maxProfiles = 200

// Profiles returns what anybody may see of users.
func (l *ProfilesLogic) Profiles(in *user_rpc.ProfilesRequest) (*user_rpc.ProfilesResponse, error) {
	if len(in.UserIds) > maxProfiles {
		return nil, errs.BadArgument("userIds")
	}
	users, err := l.svcCtx.Users.ByIDs(l.ctx, in.UserIds...)
	if err != nil {
		return nil, err
	}
	resp := &user_rpc.ProfilesResponse{}
	for _, u := range users {
		resp.List = append(resp.List, profile(u))
	}
	return resp, nil
}
