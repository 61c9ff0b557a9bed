package logic

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"

	"tudoIM/common/conversation"
	"tudoIM/common/errs"
	"tudoIM/common/event"
	"tudoIM/common/wire"
	"tudoIM/core/cache"
	"tudoIM/core/db"
	"tudoIM/core/db/dbtest"
	"tudoIM/core/embedded"
	"tudoIM/tudoIM_group/group_rpc/internal/model"
	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
	"tudoIM/tudoIM_user/user_rpc/user"
)

// users is a user_rpc in which friends are friends of everybody.
type users struct {
	user.User
	friends  []uint64
	noGroups bool
	err      error
}

func (u users) CheckFriends(_ context.Context, in *user_rpc.CheckFriendsRequest, _ ...grpc.CallOption) (*user_rpc.CheckFriendsResponse, error) {
	if u.err != nil {
		return nil, u.err
	}
	resp := &user_rpc.CheckFriendsResponse{NoGroups: u.noGroups}
	for _, id := range in.FriendIds {
		if slices.Contains(u.friends, id) {
			resp.FriendIds = append(resp.FriendIds, id)
		}
	}
	return resp, nil
}

func (u users) Profiles(_ context.Context, in *user_rpc.ProfilesRequest, _ ...grpc.CallOption) (*user_rpc.ProfilesResponse, error) {
	if u.err != nil {
		return nil, u.err
	}
	resp := &user_rpc.ProfilesResponse{}
	for _, id := range slices.Backward(in.UserIds) {
		resp.List = append(resp.List, &user_rpc.Profile{UserId: id, Nickname: strings.Repeat(string(rune('a'+id)), 2)})
	}
	return resp, nil
}

func newContext(t *testing.T, d *db.DB, u users) *svc.ServiceContext {
	t.Helper()
	redis, err := embedded.StartRedis()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(redis.Close)
	rdb, err := cache.Open(redis.URL())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = rdb.Close() })
	bus := event.NewBus(rdb, []byte(strings.Repeat("s", 32)))
	messages, err := conversation.New(conversation.Parts{
		Home: model.Talk{DB: d, Bus: bus}, DB: d, Tables: model.Tables, Bus: bus,
		Limits: func(context.Context) conversation.Limits { return conversation.Limits{RecallWindow: 2 * time.Minute} },
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	var wg sync.WaitGroup
	wg.Go(func() { messages.Log.Run(ctx) })
	t.Cleanup(func() { cancel(); wg.Wait() })
	return &svc.ServiceContext{
		DB: d, Users: u, Senders: model.Senders(d), Messages: messages, Bus: bus,
		Groups: model.Groups{DB: d, Limits: model.Limits{Members: 2000, Owned: 2}, Log: messages.Log},
	}
}

func groupsIn(t *testing.T, d *db.DB) int64 {
	t.Helper()
	var n int64
	if err := d.Model(&model.GroupModel{}).Count(&n).Error; err != nil {
		t.Fatal(err)
	}
	return n
}

func TestCreate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		users users
		in    *group_rpc.CreateRequest
		want  error
		data  map[string]string
		title string
	}{
		{"alone", users{}, &group_rpc.CreateRequest{Mode: 1, Title: "team"}, nil, nil, "team"},
		{"with friends", users{friends: []uint64{2, 3}}, &group_rpc.CreateRequest{Mode: 1, Title: "team", UserIds: []uint64{3, 2, 3, 1}}, nil, nil, "team"},
		{"named after friends", users{friends: []uint64{2, 3}}, &group_rpc.CreateRequest{Mode: 2, Title: "ignored", UserIds: []uint64{3, 2}}, nil, nil, "bb、dd、cc"},
		{"a stranger", users{friends: []uint64{2}}, &group_rpc.CreateRequest{Mode: 1, Title: "team", UserIds: []uint64{2, 9, 8}}, errs.NotYourFriend, map[string]string{"userId": "9"}, ""},
		{"a stranger, named after friends", users{}, &group_rpc.CreateRequest{Mode: 2, UserIds: []uint64{9}}, errs.NotYourFriend, map[string]string{"userId": "9"}, ""},
		{"too small", users{}, &group_rpc.CreateRequest{Mode: 1, Title: "team", Size: new(int32(1))}, errs.BadGroupSize, nil, ""},
		{"no title", users{}, &group_rpc.CreateRequest{Mode: 1}, errs.GroupTitleLong, nil, ""},
		{"no mode", users{}, &group_rpc.CreateRequest{Title: "team"}, errs.Bad, map[string]string{"field": "mode"}, ""},
		{"curtailed", users{noGroups: true, friends: []uint64{2}}, &group_rpc.CreateRequest{Mode: 1, Title: "team", UserIds: []uint64{2}}, errs.NoCreating, nil, ""},
		{"curtailed, alone", users{noGroups: true}, &group_rpc.CreateRequest{Mode: 1, Title: "team"}, errs.NoCreating, nil, ""},
		{"alone, and user_rpc is away", users{err: errs.Unavailable}, &group_rpc.CreateRequest{Mode: 1, Title: "team"}, errs.Unavailable, nil, ""},
		{"user_rpc is away", users{err: errs.Unavailable}, &group_rpc.CreateRequest{Mode: 1, Title: "team", UserIds: []uint64{2}}, errs.Unavailable, nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newContext(t, dbtest.SQLite(t, model.Migration), c.users)
			c.in.UserId = 1
			made, err := NewCreateLogic(t.Context(), s).Create(c.in)
			if c.want != nil {
				if e := errs.From(err); !errors.Is(err, c.want) || len(e.Data) != len(c.data) {
					t.Errorf("error %v", err)
				}
				for k, v := range c.data {
					if got := errs.From(err).Data[k]; got != v {
						t.Errorf("%s is %q, want %q", k, got, v)
					}
				}
				if n := groupsIn(t, s.DB); n != 0 {
					t.Errorf("%d groups were made", n)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			g, err := NewGetLogic(t.Context(), s).Get(&group_rpc.OneRequest{UserId: 1, GroupId: made.GroupId})
			if err != nil || g.Title != c.title || g.Role != model.RoleOwner || g.Creator != 1 || len(g.Admins) != 0 {
				t.Errorf("%v, error %v", g, err)
			}
		})
	}
}

func TestEverybodyHearsOfTheNewGroup(t *testing.T) {
	t.Parallel()
	const perPayload = 50 // of the bus: each receiver gets the list of those it shares a payload with
	const members = 2*perPayload + 1
	var friends []uint64
	for id := uint64(2); id <= members; id++ {
		friends = append(friends, id)
	}
	s := newContext(t, dbtest.SQLite(t, model.Migration), users{friends: friends})
	type ring struct {
		channel string
		e       *wire.Event
	}
	rings := make(chan ring, 2*members)
	sub := s.Bus.Subscribe(t.Context(), func(channel string, e *wire.Event) { rings <- ring{channel, e} }, func() {})
	silent := map[string]uint64{}
	for id := range uint64(members + 2) { // nobody and a stranger among them
		silent[event.UserChannel(id)] = id
		if err := sub.Add(t.Context(), event.UserChannel(id)); err != nil {
			t.Fatal(err)
		}
	}
	made, err := NewCreateLogic(t.Context(), s).Create(&group_rpc.CreateRequest{UserId: 1, Mode: 1, Title: "team", UserIds: friends})
	if err != nil {
		t.Fatal(err)
	}
	late := time.After(10 * time.Second)
	for range members {
		select {
		case r := <-rings:
			user, ok := silent[r.channel]
			if !ok {
				t.Errorf("%s rang twice", r.channel)
			}
			delete(silent, r.channel)
			if !slices.ContainsFunc(r.e.To, func(to *wire.Receiver) bool { return to.UserId == user }) || len(r.e.To) > perPayload {
				t.Errorf("%s heard what is for %v", r.channel, r.e.To)
			}
			var data joinedEvent
			if err := json.Unmarshal(r.e.Data, &data); err != nil || r.e.Name != event.GroupJoined || data.Operator != 1 || data.Ver != 1 ||
				data.Group.GroupID != made.GroupId || data.Group.Title != "team" || data.Group.MemberCount != members || data.Group.CreatedAt == 0 {
				t.Errorf("%s heard %s %s, error %v", r.channel, r.e.Name, r.e.Data, err)
			}
		case <-late:
			t.Fatalf("not told: %v", silent)
		}
	}
	if len(silent) != 2 || silent[event.UserChannel(0)] != 0 || silent[event.UserChannel(members+1)] != members+1 {
		t.Errorf("not told: %v", silent)
	}
}

func TestAGroupIsMadeWhileTheBusIsAway(t *testing.T) {
	t.Parallel()
	s := newContext(t, dbtest.SQLite(t, model.Migration), users{friends: []uint64{2}})
	rdb, err := cache.Open("127.0.0.1:1")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = rdb.Close() })
	s.Bus = event.NewBus(rdb, []byte(strings.Repeat("s", 32)))
	made, err := NewCreateLogic(t.Context(), s).Create(&group_rpc.CreateRequest{UserId: 1, Mode: 2, UserIds: []uint64{2}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := NewGetLogic(t.Context(), s).Get(&group_rpc.OneRequest{UserId: 2, GroupId: made.GroupId}); err != nil {
		t.Error(err)
	}
}

func TestGetHidesAndShows(t *testing.T) {
	t.Parallel()
	s := newContext(t, dbtest.SQLite(t, model.Migration), users{friends: []uint64{2, 3}})
	ids := map[bool]uint64{}
	for _, isSearch := range []bool{false, true} {
		made, err := NewCreateLogic(t.Context(), s).Create(&group_rpc.CreateRequest{
			UserId: 1, Mode: 1, Title: "team", IsSearch: isSearch, Size: new(int32(50)), UserIds: []uint64{2, 3},
		})
		if err != nil {
			t.Fatal(err)
		}
		ids[isSearch] = made.GroupId
	}
	if err := s.DB.Model(&model.GroupMemberModel{}).Where("user_id = 3").Update("role", model.RoleAdmin).Error; err != nil {
		t.Fatal(err)
	}
	get := func(user, group uint64) (*group_rpc.Group, error) {
		return NewGetLogic(t.Context(), s).Get(&group_rpc.OneRequest{UserId: user, GroupId: group})
	}
	if g, err := get(9, ids[false]); !errors.Is(err, errs.NoGroup) {
		t.Errorf("a stranger sees %v, error %v", g, err)
	}
	g, err := get(9, ids[true])
	if err != nil || g.Role != model.RoleNone || !slices.Equal(g.Admins, []uint64{3}) || g.Size != 50 || g.MemberCount != 3 || !g.IsSearch {
		t.Errorf("%v, error %v", g, err)
	}
	if g, err := get(3, ids[false]); err != nil || g.Role != model.RoleAdmin {
		t.Errorf("%v, error %v", g, err)
	}
}
