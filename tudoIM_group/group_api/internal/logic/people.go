package logic

import (
	"context"
	"slices"

	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// perCall is the most profiles user_rpc answers at once.
const perCall = 200

// people returns what users look like. Of an account that is closed only the
// id is left.
func people(ctx context.Context, s *svc.ServiceContext, ids ...uint64) (who func(uint64) types.Person, err error) {
	profiles := map[uint64]*user_rpc.Profile{}
	once := slices.Compact(slices.Sorted(slices.Values(ids)))
	once = slices.DeleteFunc(once, func(id uint64) bool { return id == 0 })
	for some := range slices.Chunk(once, perCall) {
		r, err := s.Users.Profiles(ctx, &user_rpc.ProfilesRequest{UserIds: some})
		if err != nil {
			return nil, err
		}
		for _, p := range r.List {
			profiles[p.UserId] = p
		}
	}
	return func(id uint64) types.Person {
		return types.Person{UserID: id, Nickname: profiles[id].GetNickname(), Avatar: profiles[id].GetAvatar()}
	}, nil
}
