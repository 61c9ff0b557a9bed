package logic

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
	client "tudoIM/tudoIM_group/group_rpc/groups"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
	"tudoIM/tudoIM_user/user_rpc/user"
)

// groups is a group_rpc that has one group and keeps what it was asked.
type groups struct {
	client.Groups
	group   *group_rpc.Group
	err     error
	created *group_rpc.CreateRequest
	got     *group_rpc.OneRequest
}

func (g *groups) Create(_ context.Context, in *group_rpc.CreateRequest, _ ...grpc.CallOption) (*group_rpc.CreateResponse, error) {
	g.created = in
	return &group_rpc.CreateResponse{GroupId: 5}, g.err
}

func (g *groups) Get(_ context.Context, in *group_rpc.OneRequest, _ ...grpc.CallOption) (*group_rpc.Group, error) {
	g.got = in
	return g.group, g.err
}

// users is a user_rpc that has list.
type users struct {
	user.User
	list []*user_rpc.Profile
	err  error
}

func (u users) Profiles(_ context.Context, in *user_rpc.ProfilesRequest, _ ...grpc.CallOption) (*user_rpc.ProfilesResponse, error) {
	if u.err != nil {
		return nil, u.err
	}
	resp := &user_rpc.ProfilesResponse{}
	for _, p := range u.list {
		if slices.Contains(in.UserIds, p.UserId) {
			resp.List = append(resp.List, p)
		}
	}
	return resp, nil
}

func as(t *testing.T, user uint64) context.Context {
	t.Helper()
	return token.With(t.Context(), token.Identity{UserID: user})
}

func TestCreateAsksForWhatTheOwnerWants(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		req  types.CreateRequest
		want *group_rpc.CreateRequest
	}{
		{"by title", types.CreateRequest{Mode: 1, Title: "team", IsSearch: true, Size: new(int32(9)), UserIDList: []uint64{2, 3}},
			&group_rpc.CreateRequest{UserId: 1, Mode: 1, Title: "team", IsSearch: true, Size: new(int32(9)), UserIds: []uint64{2, 3}}},
		{"no size is not 0", types.CreateRequest{Mode: 2, UserIDList: []uint64{2}},
			&group_rpc.CreateRequest{UserId: 1, Mode: 2, UserIds: []uint64{2}}},
		{"0 is not no size", types.CreateRequest{Mode: 2, Size: new(int32(0))},
			&group_rpc.CreateRequest{UserId: 1, Mode: 2, Size: new(int32(0))}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			g := &groups{}
			resp, err := NewCreateLogic(as(t, 1), &svc.ServiceContext{Groups: g}).Create(&c.req)
			if err != nil || resp.GroupID != 5 || !proto.Equal(g.created, c.want) {
				t.Errorf("%v, error %v, asked %v", resp, err, g.created)
			}
		})
	}
}

func TestGetIsWhatTheContractSays(t *testing.T) {
	t.Parallel()
	g := &groups{group: &group_rpc.Group{
		GroupId: 5, Title: "T", Abstract: "A", Avatar: "a", Creator: 1, Admins: []uint64{3, 2, 4}, MemberCount: 6, Size: 7,
		IsSearch: true, Verification: 2, IsInvite: true, IsTemporarySession: true, IsProhibition: true, Ver: 8, Role: 3, CreatedAt: 9,
	}}
	u := users{list: []*user_rpc.Profile{{UserId: 2, Nickname: "Bob"}, {UserId: 1, Nickname: "Ann", Avatar: "x"}, {UserId: 3, Nickname: "Cid"}}}
	resp, err := NewGetLogic(as(t, 6), &svc.ServiceContext{Groups: g, Users: u}).Get(&types.GetRequest{ID: 5})
	if err != nil {
		t.Fatal(err)
	}
	if g.got.UserId != 6 || g.got.GroupId != 5 {
		t.Errorf("asked %v", g.got)
	}
	got, err := json.Marshal(resp)
	want := `{"groupId":5,"title":"T","abstract":"A","avatar":"a","creator":{"userId":1,"nickname":"Ann","avatar":"x"},` +
		`"adminList":[{"userId":3,"nickname":"Cid","avatar":""},{"userId":2,"nickname":"Bob","avatar":""},{"userId":4,"nickname":"","avatar":""}],` +
		`"memberCount":6,"role":3,"isInGroup":true,"isProhibition":true,"isSearch":true,"verification":2,"isInvite":true,` +
		`"isTemporarySession":true,"size":7,"ver":8,"createdAt":9}`
	if err != nil || string(got) != want {
		t.Errorf("%s, error %v", got, err)
	}
}

func TestGetOfAnOutsider(t *testing.T) {
	t.Parallel()
	g := &groups{group: &group_rpc.Group{GroupId: 5, Creator: 1}}
	resp, err := NewGetLogic(as(t, 6), &svc.ServiceContext{Groups: g, Users: users{}}).Get(&types.GetRequest{ID: 5})
	if err != nil || resp.Role != 0 || resp.IsInGroup || resp.AdminList == nil || len(resp.AdminList) != 0 {
		t.Errorf("%+v, error %v", resp, err)
	}
}

func TestWhatIsAwayIsUnavailable(t *testing.T) {
	t.Parallel()
	there := &groups{group: &group_rpc.Group{GroupId: 5, Creator: 1}}
	for _, c := range []struct {
		name string
		ctx  *svc.ServiceContext
	}{
		{"group_rpc", &svc.ServiceContext{Groups: &groups{err: errs.Unavailable}}},
		{"user_rpc", &svc.ServiceContext{Groups: there, Users: users{err: errs.Unavailable}}},
	} {
		if resp, err := NewGetLogic(as(t, 6), c.ctx).Get(&types.GetRequest{ID: 5}); !errors.Is(err, errs.Unavailable) {
			t.Errorf("%s: %v, error %v", c.name, resp, err)
		}
	}
	away := &svc.ServiceContext{Groups: &groups{err: errs.Unavailable}}
	if resp, err := NewCreateLogic(as(t, 6), away).Create(&types.CreateRequest{Mode: 1, Title: "a"}); !errors.Is(err, errs.Unavailable) {
		t.Errorf("%v, error %v", resp, err)
	}
}
