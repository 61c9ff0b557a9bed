package people

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"google.golang.org/grpc"

	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
	"tudoIM/tudoIM_user/user_rpc/user"
)

var errAway = errors.New("user_rpc is away")

// fakeUsers knows the users below 1000.
type fakeUsers struct {
	user.User
	away  bool
	asked [][]uint64
}

func (f *fakeUsers) Profiles(_ context.Context, in *user_rpc.ProfilesRequest, _ ...grpc.CallOption) (*user_rpc.ProfilesResponse, error) {
	f.asked = append(f.asked, slices.Clone(in.UserIds))
	if f.away {
		return nil, errAway
	}
	resp := &user_rpc.ProfilesResponse{}
	for _, id := range in.UserIds {
		if id < 1000 {
			resp.List = append(resp.List, &user_rpc.Profile{UserId: id, Nickname: fmt.Sprintf("Nick %d", id)})
		}
	}
	return resp, nil
}

func TestAProfileIsAskedForOnce(t *testing.T) {
	t.Parallel()
	f := &fakeUsers{}
	p := New(f)
	for _, ids := range [][]uint64{{1, 2, 1}, {2, 1}, {2, 3}} {
		who, err := p.Get(t.Context(), ids...)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range ids {
			if who[id].GetNickname() != fmt.Sprintf("Nick %d", id) {
				t.Errorf("%d is %v", id, who[id])
			}
		}
	}
	if got := fmt.Sprint(f.asked); got != "[[1 2] [3]]" {
		t.Errorf("asked for %s", got)
	}
	p.Forget(1)
	if len(p.Known(1)) != 0 || p.Known(2)[2].GetNickname() != "Nick 2" {
		t.Errorf("known: %v and %v", p.Known(1), p.Known(2))
	}
	if _, err := p.Get(t.Context(), 1, 2); err != nil || fmt.Sprint(f.asked[2]) != "[1]" {
		t.Errorf("asked for %v, %v", f.asked[2:], err)
	}
}

func TestManyProfilesAreAskedForInParts(t *testing.T) {
	t.Parallel()
	f := &fakeUsers{}
	var ids []uint64
	for id := uint64(1); id <= 401; id++ {
		ids = append(ids, id)
	}
	who, err := New(f).Get(t.Context(), ids...)
	if err != nil || len(who) != 401 || len(f.asked) != 3 || len(f.asked[0]) != perCall || len(f.asked[2]) != 1 || who[401].Nickname == "" {
		t.Errorf("%d profiles in %d calls, %v", len(who), len(f.asked), err)
	}
	if who, err := New(f).Get(t.Context()); err != nil || len(who) != 0 {
		t.Errorf("nobody: %v, %v", who, err)
	}
}

func TestUnknownUsersHaveAnEmptyProfile(t *testing.T) {
	t.Parallel()
	f := &fakeUsers{}
	p := New(f)
	who, err := p.Get(t.Context(), 1, 1000)
	if err != nil || who[1000].GetUserId() != 1000 || who[1000].GetNickname() != "" {
		t.Errorf("a user that is not there: %v, %v", who[1000], err)
	}
	f.away = true
	who, err = p.Get(t.Context(), 1, 5)
	if !errors.Is(err, errAway) || who[1].GetNickname() != "Nick 1" || who[5].GetUserId() != 5 || who[5].GetNickname() != "" {
		t.Errorf("with user_rpc away: %v, %v", who, err)
	}
	if _, err := p.Get(t.Context(), 1); err != nil {
		t.Errorf("who is known needs no user_rpc: %v", err)
	}
}
