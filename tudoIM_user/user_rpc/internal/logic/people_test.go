package logic

import (
	"fmt"
	"slices"
	"testing"

	"tudoIM/common/errs"
	"tudoIM/core/cache"
	"tudoIM/tudoIM_user/user_rpc/internal/model"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

func TestCreateAnswers(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	for _, c := range []struct {
		name string
		in   *user_rpc.CreateRequest
		want *errs.Error
	}{
		{"plain", &user_rpc.CreateRequest{UserName: "Ann", Pwd: "h"}, nil},
		{"taken in another spelling", &user_rpc.CreateRequest{UserName: "ＡＮＮ", Pwd: "h"}, errs.NameTaken},
		{"digits", &user_rpc.CreateRequest{UserName: "123", Pwd: "h"}, errs.BadName},
		{"nothing", &user_rpc.CreateRequest{}, errs.BadName},
	} {
		resp, err := NewCreateLogic(t.Context(), w.ServiceContext).Create(c.in)
		wantCode(t, c.name, err, c.want)
		if err == nil && (resp.UserId == 0 || resp.Role != model.RoleNormal) {
			t.Errorf("%s: %+v", c.name, resp)
		}
	}
}

func TestCredentials(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	a, b := w.user(t, nil), w.user(t, nil)
	if err := w.DB.Model(&model.UserModel{}).Where("id = ?", b).Updates(map[string]any{"status": model.StatusDisabled, "role": model.RoleAdmin}).Error; err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		in   *user_rpc.CredentialsRequest
		id   uint64
		want *errs.Error
	}{
		{"by name", &user_rpc.CredentialsRequest{UserName: "USER-1"}, a, nil},
		{"by id as typed", &user_rpc.CredentialsRequest{UserName: "1"}, a, nil},
		{"by id", &user_rpc.CredentialsRequest{UserId: b}, b, nil},
		{"a nickname is no name", &user_rpc.CredentialsRequest{UserName: "Nick 1"}, 0, errs.NotFound},
		{"nobody", &user_rpc.CredentialsRequest{UserName: "nobody"}, 0, errs.NotFound},
		{"nothing", &user_rpc.CredentialsRequest{}, 0, errs.NotFound},
	} {
		got, err := NewCredentialsLogic(t.Context(), w.ServiceContext).Credentials(c.in)
		wantCode(t, c.name, err, c.want)
		if err == nil && (got.UserId != c.id || got.Pwd != "hash" || got.Disabled != (c.id == b) || (got.Role == model.RoleAdmin) != (c.id == b)) {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

func TestInfoHasNoAnswers(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	a := w.user(t, func(c *model.UserConfModel) {
		c.Verification, c.Question = model.VerifyRight, model.Question{Problem1: "?", Answer1: "secret"}
	})
	got, err := NewInfoLogic(t.Context(), w.ServiceContext).Info(&user_rpc.UserIdRequest{UserId: a})
	if err != nil || got.Profile.UserId != a || got.RegisterSource != "web" || got.Conf.Question.Problem1 != "?" || got.Conf.Question.Answer1 != "" ||
		got.Conf.SearchUser != 2 || got.Conf.Verification != 4 || got.Conf.Language != "zh" || !got.Conf.FriendOnline {
		t.Errorf("%+v, error %v", got, err)
	}
	_, err = NewInfoLogic(t.Context(), w.ServiceContext).Info(&user_rpc.UserIdRequest{UserId: a + 1})
	wantCode(t, "nobody", err, errs.NotFound)
}

func TestListsHaveLimits(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	a, b := w.befriend(t)
	ids := func(n int) []uint64 {
		list := make([]uint64, n)
		for i := range list {
			list[i] = uint64(i) + b + 1
		}
		list[0], list[n-1] = b, b
		return list
	}
	profiles := func(n int) (*user_rpc.ProfilesResponse, error) {
		return NewProfilesLogic(t.Context(), w.ServiceContext).Profiles(&user_rpc.ProfilesRequest{UserIds: ids(n)})
	}
	if got, err := profiles(maxProfiles); err != nil || len(got.List) != 1 || got.List[0].UserId != b {
		t.Errorf("profiles at the limit: %+v, error %v", got, err)
	}
	_, err := profiles(maxProfiles + 1)
	wantCode(t, "profiles one past", err, errs.Bad)
	check := func(n int) (*user_rpc.CheckFriendsResponse, error) {
		return NewCheckFriendsLogic(t.Context(), w.ServiceContext).CheckFriends(&user_rpc.CheckFriendsRequest{UserId: a, FriendIds: ids(n)})
	}
	if got, err := check(maxChecked); err != nil || !slices.Equal(got.FriendIds, []uint64{b}) {
		t.Errorf("check at the limit: %+v, error %v", got, err)
	}
	_, err = check(maxChecked + 1)
	wantCode(t, "check one past", err, errs.Bad)
}

func TestManyFriendsAreCheckedAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		const me, n = 500, maxChecked
		rows := make([]*model.FriendModel, 0, n)
		accounts := make([]*model.UserModel, 0, n)
		ids := make([]uint64, 0, n)
		for id := uint64(1); len(ids) < n; id++ {
			if id != me {
				ids = append(ids, id)
				rows = append(rows, &model.FriendModel{LowUserID: min(id, me), HighUserID: max(id, me), IsFriend: id%2 == 0})
				u := &model.UserModel{NameKey: fmt.Sprint(id)}
				u.ID = id
				accounts = append(accounts, u)
			}
		}
		for _, all := range []any{rows, accounts} {
			if err := w.DB.CreateInBatches(all, 500).Error; err != nil {
				t.Fatal(err)
			}
		}
		got, err := NewCheckFriendsLogic(t.Context(), w.ServiceContext).CheckFriends(&user_rpc.CheckFriendsRequest{UserId: me, FriendIds: ids})
		want := slices.DeleteFunc(slices.Clone(ids), func(id uint64) bool { return id%2 != 0 })
		if err != nil || !slices.Equal(got.FriendIds, want) {
			t.Errorf("%d of %d, error %v", len(got.GetFriendIds()), len(want), err)
		}
	})
}

func TestSearchTellsWhoIsAFriend(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	a, b := w.befriend(t)
	c := w.user(t, nil)
	got, err := NewSearchLogic(t.Context(), w.ServiceContext).Search(&user_rpc.SearchRequest{UserId: a, Key: "nick"})
	if err != nil || got.Count != 2 || len(got.List) != 2 || got.List[0].Profile.UserId != b || !got.List[0].IsFriend ||
		got.List[1].Profile.UserId != c || got.List[1].IsFriend {
		t.Errorf("%+v, error %v", got, err)
	}
}

func TestRequestsListBothSides(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	a, b := w.user(t, nil), w.user(t, nil)
	asked, err := w.add(t, a, b)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		user, peer uint64
		flag       string
		pending    int64
	}{{a, b, "send", 0}, {b, a, "rev", 1}} {
		got, err := NewRequestsLogic(t.Context(), w.ServiceContext).Requests(&user_rpc.RequestsRequest{UserId: c.user})
		if err != nil || got.Count != 1 || got.PendingCount != c.pending || len(got.List) != 1 {
			t.Errorf("%+v, error %v", got, err)
			continue
		}
		if i := got.List[0]; i.Id != asked.VerifyId || i.Profile.UserId != c.peer || i.Flag != c.flag || i.AdditionalMessages != "hi" {
			t.Errorf("%+v", i)
		}
	}
	if err := w.DB.Model(&model.UserModel{}).Where("id = ?", a).Update("deleted_at", 1).Error; err != nil {
		t.Fatal(err)
	}
	got, err := NewRequestsLogic(t.Context(), w.ServiceContext).Requests(&user_rpc.RequestsRequest{UserId: b})
	if err != nil || len(got.List) != 1 || got.List[0].Profile.UserId != a || got.List[0].Profile.Nickname != "" {
		t.Errorf("from one who has left: %+v, error %v", got, err)
	}
}

func TestCard(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		a, b := w.befriend(t)
		stranger := w.user(t, nil)
		hidden := w.user(t, func(c *model.UserConfModel) { c.SearchUser = model.SearchHidden })
		gone := w.user(t, nil)
		if err := w.DB.Model(&model.UserModel{}).Where("id = ?", gone).Update("deleted_at", 1).Error; err != nil {
			t.Fatal(err)
		}
		type shown struct{ isFriend, isBlack, canChat, isOnline bool }
		card := func(what string, user, target uint64, want shown) {
			t.Helper()
			got, err := NewCardLogic(t.Context(), w.ServiceContext).Card(&user_rpc.CardRequest{UserId: user, TargetId: target})
			if err != nil || got.Profile.UserId != target || (shown{got.IsFriend, got.IsBlack, got.CanChat, got.IsOnline}) != want {
				t.Errorf("%s: %+v, error %v", what, got, err)
			}
		}
		for _, u := range []uint64{b, stranger} {
			w.connect(t, "n1", u)
		}
		card("a friend", a, b, shown{true, false, true, true})
		card("a friend without a socket", b, a, shown{true, false, true, false})
		card("a stranger's presence is not told", a, stranger, shown{})
		w.groups.together = map[[2]uint64]bool{{a, stranger}: true}
		card("a stranger in a group of mine", a, stranger, shown{canChat: true})
		w.groups.away = errs.Unavailable
		card("a stranger, and group_rpc is away", a, stranger, shown{})
		card("a friend, and group_rpc is away", a, b, shown{true, false, true, true})
		w.groups.away = nil
		card("oneself", stranger, stranger, shown{canChat: true, isOnline: true})
		card("oneself, hidden", hidden, hidden, shown{canChat: true})
		for _, id := range []uint64{0, hidden, gone, 1 << 40, 1<<64 - 1} {
			_, err := NewCardLogic(t.Context(), w.ServiceContext).Card(&user_rpc.CardRequest{UserId: a, TargetId: id})
			wantCode(t, "nobody to be seen", err, errs.NotFound)
		}
		w.block(t, b, a)
		card("one who blocks me looks offline, no more", a, b, shown{true, false, true, false})
		card("one whom I block", b, a, shown{true, true, true, false})
	})
}

func TestWhoIsOnline(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	me := w.user(t, nil)
	var ids []uint64
	for range 4 { // two sockets, none, hides it, blocks me
		friend := w.user(t, anybody)
		if _, err := w.add(t, me, friend); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, friend)
	}
	c, err := w.Users.Conf(t.Context(), ids[2])
	if err != nil {
		t.Fatal(err)
	}
	c.ShowOnline = false
	w.save(t, c)
	w.block(t, ids[3], me)
	w.connect(t, "n1", ids[0])
	w.connect(t, "n2", ids[0])
	w.connect(t, "n1", ids[2])
	w.connect(t, "n1", ids[3])

	see := func() []bool {
		t.Helper()
		list, err := NewFriendsLogic(t.Context(), w.ServiceContext).Friends(&user_rpc.FriendsRequest{UserId: me})
		if err != nil || list.Count != 4 || len(list.List) != 4 {
			t.Fatalf("%+v, error %v", list, err)
		}
		var on []bool
		for i, f := range list.List {
			if f.Profile.UserId != ids[i] {
				t.Errorf("friend %d is %d", i, f.Profile.UserId)
			}
			on = append(on, f.IsOnline)
		}
		return on
	}
	if got := see(); !slices.Equal(got, []bool{true, false, false, false}) {
		t.Errorf("online: %v", got)
	}
	w.disconnect(t, "n1", ids[0])
	if got := see(); !got[0] {
		t.Error("offline though a node is left")
	}
	w.disconnect(t, "n2", ids[0])
	if got := see(); got[0] {
		t.Error("online without a node")
	}
	w.connect(t, "n1", ids[0])
	if got := see(); !got[0] {
		t.Error("not back")
	}
	nobody, err := cache.Open("127.0.0.1:1")
	if err != nil {
		t.Fatal(err)
	}
	w.Redis = nobody
	if got := see(); slices.Contains(got, true) {
		t.Errorf("online while nobody knows: %v", got)
	}
}

func TestWatchable(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		me := w.user(t, nil)
		var ids []uint64
		for range 5 { // shows it, hides it, blocks me, blocked by me, has left
			friend := w.user(t, anybody)
			if _, err := w.add(t, me, friend); err != nil {
				t.Fatal(err)
			}
			ids = append(ids, friend)
		}
		stranger := w.user(t, nil)
		watchable := func(user uint64, of ...uint64) []uint64 {
			t.Helper()
			got, err := NewWatchableLogic(t.Context(), w.ServiceContext).Watchable(&user_rpc.WatchableRequest{UserId: user, UserIds: of})
			if err != nil {
				t.Fatal(err)
			}
			return got.UserIds
		}
		if got := watchable(me, ids...); !slices.Equal(got, ids) {
			t.Errorf("at first: %v", got)
		}
		c, err := w.Users.Conf(t.Context(), ids[1])
		if err != nil {
			t.Fatal(err)
		}
		c.ShowOnline = false
		w.save(t, c)
		w.block(t, ids[2], me)
		w.block(t, me, ids[3])
		if err := w.DB.Model(&model.UserModel{}).Where("id = ?", ids[4]).Update("deleted_at", 1).Error; err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			name string
			user uint64
			of   []uint64
			want []uint64
		}{
			{"friends", me, ids, ids[:1]},
			{"each once", me, []uint64{ids[0], me, ids[0], me}, []uint64{ids[0], me}},
			{"strangers and nobody", me, []uint64{stranger, 0, 1 << 40, 1<<64 - 1}, nil},
			{"oneself, hidden", ids[1], []uint64{ids[1], me}, []uint64{ids[1], me}},
			{"who blocks me", ids[3], []uint64{me}, nil},
			{"whom I block", ids[2], []uint64{me}, nil},
			{"nobody's view", 0, []uint64{me, 0}, nil},
			{"nothing", me, nil, nil},
		} {
			if got := watchable(c.user, c.of...); !slices.Equal(got, c.want) {
				t.Errorf("%s: %v, want %v", c.name, got, c.want)
			}
			for _, of := range c.of { // and the other way round
				got, err := NewWatchersLogic(t.Context(), w.ServiceContext).Watchers(&user_rpc.WatchersRequest{UserId: of, WatcherIds: []uint64{stranger, c.user, c.user}})
				if is := slices.Equal(got.GetWatcherIds(), []uint64{c.user}); err != nil || is != slices.Contains(c.want, of) || len(got.WatcherIds) > 1 {
					t.Errorf("%s: who may see %d: %v, error %v", c.name, of, got.GetWatcherIds(), err)
				}
			}
		}
		many := make([]uint64, maxWatched+1)
		many[0] = ids[0]
		if got := watchable(me, many[:maxWatched]...); !slices.Equal(got, ids[:1]) {
			t.Errorf("at the limit: %v", got)
		}
		_, err = NewWatchableLogic(t.Context(), w.ServiceContext).Watchable(&user_rpc.WatchableRequest{UserId: me, UserIds: many})
		wantCode(t, "one past", err, errs.Bad)
		_, err = NewWatchersLogic(t.Context(), w.ServiceContext).Watchers(&user_rpc.WatchersRequest{UserId: me, WatcherIds: many})
		wantCode(t, "watchers, one past", err, errs.Bad)
	})
}

func TestFollowing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		me := w.user(t, nil)
		var ids []uint64
		for range 6 { // shows it, hides it, blocks me, blocked by me, is on top, has left
			friend := w.user(t, anybody)
			if _, err := w.add(t, me, friend); err != nil {
				t.Fatal(err)
			}
			ids = append(ids, friend)
		}
		w.user(t, nil)
		quiet := w.user(t, func(c *model.UserConfModel) { c.FriendOnline, c.Verification = false, model.VerifyAnybody })
		following := func(user uint64) (all, watchable []uint64) {
			t.Helper()
			got, err := NewFollowingLogic(t.Context(), w.ServiceContext).Following(&user_rpc.FollowingRequest{UserId: user})
			if err != nil {
				t.Fatal(err)
			}
			return got.UserIds, got.WatchableIds
		}
		if all, watchable := following(me); !slices.Equal(all, ids) || !slices.Equal(watchable, ids) {
			t.Errorf("at first: %v, of whom %v may be watched", all, watchable)
		}
		c, err := w.Users.Conf(t.Context(), ids[1])
		if err != nil {
			t.Fatal(err)
		}
		c.ShowOnline = false
		w.save(t, c)
		w.block(t, ids[2], me)
		w.block(t, me, ids[3])
		top := w.pair(t, me, ids[4])
		top.Of(me).IsTop = true
		w.save(t, top)
		if err := w.DB.Model(&model.UserModel{}).Where("id = ?", ids[5]).Update("deleted_at", 1).Error; err != nil {
			t.Fatal(err)
		}
		if all, watchable := following(me); !slices.Equal(all, []uint64{ids[4], ids[0], ids[1], ids[2], ids[3]}) || !slices.Equal(watchable, []uint64{ids[4], ids[0]}) {
			t.Errorf("afterwards: %v, of whom %v may be watched", all, watchable)
		}
		if _, err := w.add(t, me, quiet); err != nil {
			t.Fatal(err)
		}
		for name, user := range map[string]uint64{"who wants to hear of nobody": quiet, "nobody": 1 << 40, "no number": 1 << 63, "zero": 0} {
			if all, _ := following(user); len(all) != 0 {
				t.Errorf("%s: %v", name, all)
			}
		}
	})
}

func TestOfManyFriendsTheFirstAreFollowed(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		me := w.user(t, nil)
		for _, n := range []int{maxFollowed, maxFollowed + 1} {
			users, pairs := make([]*model.UserModel, n), make([]*model.FriendModel, n)
			for i := range users {
				users[i] = &model.UserModel{UserName: fmt.Sprint(n, "-", i), NameKey: fmt.Sprint(n, "-", i), Pwd: "h"}
			}
			if err := w.DB.CreateInBatches(users, 100).Error; err != nil {
				t.Fatal(err)
			}
			for i, u := range users {
				pairs[i] = &model.FriendModel{LowUserID: me, HighUserID: u.ID, IsFriend: true}
			}
			if err := w.DB.Exec("DELETE FROM friend_models").Error; err != nil {
				t.Fatal(err)
			}
			if err := w.DB.CreateInBatches(pairs, 100).Error; err != nil {
				t.Fatal(err)
			}
			got, err := NewFollowingLogic(t.Context(), w.ServiceContext).Following(&user_rpc.FollowingRequest{UserId: me})
			if err != nil || len(got.UserIds) != maxFollowed || got.UserIds[0] != users[0].ID || got.UserIds[maxFollowed-1] != users[maxFollowed-1].ID {
				t.Errorf("of %d friends %d are followed, error %v", n, len(got.GetUserIds()), err)
			}
		}
	})
}
