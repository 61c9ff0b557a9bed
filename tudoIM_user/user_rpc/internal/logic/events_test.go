package logic

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_chat/chat_rpc/types/chat_rpc"
	"tudoIM/tudoIM_user/user_rpc/internal/model"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

func names(got map[string]map[string]any) []string { return slices.Sorted(maps.Keys(got)) }

func TestBothSidesHearOfARequest(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	a, b := w.user(t, nil), w.user(t, nil)
	heard := w.listen(t, a, b)
	other := w.user(t, nil)
	if _, err := w.add(t, other, b); err != nil {
		t.Fatal(err)
	}
	hear(t, heard, 1)
	asked, err := w.add(t, a, b)
	if err != nil {
		t.Fatal(err)
	}
	got := hear(t, heard, 2)
	for _, c := range []struct {
		user, peer uint64
		flag       string
		pending    float64
	}{{a, b, "send", 0}, {b, a, "rev", 2}} {
		data := got[fmt.Sprintf("friendRequest %d", c.user)]
		verify, _ := data["verify"].(map[string]any)
		if data["pendingCount"] != c.pending || verify["id"] != float64(asked.VerifyId) || verify["userId"] != float64(c.peer) ||
			verify["nickname"] != fmt.Sprintf("Nick %d", c.peer) || verify["additionalMessages"] != "hi" ||
			verify["status"] != 0.0 || verify["flag"] != c.flag || verify["createdAt"] == 0.0 {
			t.Errorf("%d hears %v", c.user, data)
		}
		if keys := slices.Sorted(maps.Keys(verify)); !slices.Equal(keys, []string{
			"additionalMessages", "avatar", "createdAt", "flag", "id", "nickname", "status", "userId", "verificationQuestion",
		}) {
			t.Errorf("keys of verify: %v", keys)
		}
	}
	if _, err := w.add(t, a, b); err != nil {
		t.Fatal(err)
	}
	w.silent(t, heard, b) // a repeat
}

func TestAnswersAreToldToTheReceiverOnly(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	a := w.user(t, nil)
	b := w.user(t, func(c *model.UserConfModel) {
		c.Verification, c.Question = model.VerifyAnswers, model.Question{Problem1: "who?", Answer1: "secret"}
	})
	heard := w.listen(t, a, b)
	if _, err := NewAddFriendLogic(t.Context(), w.ServiceContext).AddFriend(&user_rpc.AddFriendRequest{
		UserId: a, FriendId: b, Question: &user_rpc.Question{Problem1: "mine", Answer1: "ann"},
	}); err != nil {
		t.Fatal(err)
	}
	got := hear(t, heard, 2)
	question := func(user uint64) string {
		verify, _ := got[fmt.Sprintf("friendRequest %d", user)]["verify"].(map[string]any)
		return fmt.Sprint(verify["verificationQuestion"])
	}
	if got, want := question(a), "map[problem1:who? problem2: problem3:]"; got != want {
		t.Errorf("sender hears %s", got)
	}
	if got, want := question(b), "map[answer1:ann problem1:who? problem2: problem3:]"; got != want {
		t.Errorf("receiver hears %s", got)
	}
}

func TestBothSidesHearOfAnAccept(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	a, b := w.user(t, nil), w.user(t, nil)
	asked, err := w.add(t, a, b)
	if err != nil {
		t.Fatal(err)
	}
	heard := w.listen(t, a, b)
	w.connect(t, "n1", a)
	w.connect(t, "n1", b)
	if _, err := w.handle(t, b, asked.VerifyId, model.RequestAccepted); err != nil {
		t.Fatal(err)
	}
	got := hear(t, heard, 4)
	want := []string{fmt.Sprintf("friendAdded %d", a), fmt.Sprintf("friendAdded %d", b), fmt.Sprintf("friendHandled %d", a), fmt.Sprintf("friendHandled %d", b)}
	if !slices.Equal(names(got), want) {
		t.Fatalf("heard %v", names(got))
	}
	for _, c := range []struct {
		user, peer uint64
		notice     string
	}{{a, b, ""}, {b, a, "pal"}} {
		verify, _ := got[fmt.Sprintf("friendHandled %d", c.user)]["verify"].(map[string]any)
		if verify["status"] != 1.0 || verify["userId"] != float64(c.peer) {
			t.Errorf("%d hears of the request %v", c.user, verify)
		}
		friend, _ := got[fmt.Sprintf("friendAdded %d", c.user)]["friend"].(map[string]any)
		if friend["userId"] != float64(c.peer) || friend["nickname"] != fmt.Sprintf("Nick %d", c.peer) || friend["notice"] != c.notice || friend["ver"] != 2.0 { // the pair's and the profile's
			t.Errorf("%d hears of the friend %v", c.user, friend)
		}
		if keys := slices.Sorted(maps.Keys(friend)); !slices.Equal(keys, []string{
			"abstract", "avatar", "isOnline", "isTop", "nickname", "notice", "userId", "ver",
		}) {
			t.Errorf("keys of friend: %v", keys)
		}
		if friend["isOnline"] != true {
			t.Errorf("%d sees %d offline", c.user, c.peer)
		}
	}
	if _, err := w.handle(t, b, asked.VerifyId, model.RequestAccepted); err != nil {
		t.Fatal(err)
	}
	w.silent(t, heard, a) // a repeat
}

func TestWhoHearsOfWhat(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		status int32
		by     int // 0 the sender, 1 the receiver
		want   []string
	}{
		{"refused: both", model.RequestRefused, 1, []string{"friendHandled 1", "friendHandled 2"}},
		{"ignored: the receiver's devices only", model.RequestIgnored, 1, []string{"friendHandled 2"}},
		{"deleted by the receiver", model.RequestDeleted, 1, []string{"friendHandled 2"}},
		{"deleted by the sender", model.RequestDeleted, 0, []string{"friendHandled 1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := onSQLite(t)
			users := []uint64{w.user(t, nil), w.user(t, nil)}
			asked, err := w.add(t, users[0], users[1])
			if err != nil {
				t.Fatal(err)
			}
			heard := w.listen(t, users...)
			if _, err := w.handle(t, users[c.by], asked.VerifyId, c.status); err != nil {
				t.Fatal(err)
			}
			got := hear(t, heard, len(c.want))
			if !slices.Equal(names(got), c.want) {
				t.Errorf("heard %v", names(got))
			}
			for name, data := range got {
				if verify, _ := data["verify"].(map[string]any); verify["status"] != float64(c.status) {
					t.Errorf("%s: %v", name, data)
				}
			}
			w.silent(t, heard, users[0])
			w.silent(t, heard, users[1])
		})
	}
}

func TestFriendsAtOnceHearOfEachOther(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	a, b := w.user(t, nil), w.user(t, anybody)
	heard := w.listen(t, a, b)
	if resp, err := w.add(t, a, b); err != nil || resp.Result != added {
		t.Fatalf("%+v, error %v", resp, err)
	}
	want := []string{fmt.Sprintf("friendAdded %d", a), fmt.Sprintf("friendAdded %d", b)}
	if got := hear(t, heard, 2); !slices.Equal(names(got), want) {
		t.Errorf("heard %v", names(got))
	}
	w.silent(t, heard, b)
}

// The commit stands though chat_rpc is away, and so both are told.
func TestTheCommitIsToldThoughChatIsDown(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	a, b := w.user(t, nil), w.user(t, anybody)
	heard := w.listen(t, a, b)
	w.chat.set(down)
	_, err := w.add(t, a, b)
	wantCode(t, "ask", err, errs.Unavailable)
	hear(t, heard, 2)
	_, err = w.add(t, a, b)
	wantCode(t, "ask again", err, errs.Unavailable)
	w.silent(t, heard, a)
}

func TestTheCommitIsToldThoughTheCallersTimeIsUp(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	a, b := w.user(t, nil), w.user(t, anybody)
	heard := w.listen(t, a, b)
	ctx, cancel := context.WithCancel(t.Context())
	w.chat.set(func(ctx context.Context, in *chat_rpc.SetRightsRequest) error {
		cancel()
		return hangs(ctx, in)
	})
	_, err := NewAddFriendLogic(ctx, w.ServiceContext).AddFriend(&user_rpc.AddFriendRequest{UserId: a, FriendId: b})
	wantCode(t, "ask", err, errs.Unavailable)
	hear(t, heard, 2)
}

func TestARefusedRequestIsNotTold(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	a, b := w.user(t, nil), w.user(t, func(c *model.UserConfModel) { c.Verification = model.VerifyNobody })
	heard := w.listen(t, a, b)
	_, err := w.add(t, a, b)
	wantCode(t, "ask", err, errs.RefusesAll)
	w.silent(t, heard, b)
	w.silent(t, heard, a)
}

func TestOwnDevicesHearOfAChangedProfile(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	a := w.user(t, nil)
	heard := w.listen(t, a)
	update := func(in *user_rpc.UpdateInfoRequest) error {
		_, err := NewUpdateInfoLogic(t.Context(), w.ServiceContext).UpdateInfo(in)
		return err
	}
	wantCode(t, "change", update(&user_rpc.UpdateInfoRequest{UserId: a, Abstract: new("")}), nil)
	got := hear(t, heard, 1)[fmt.Sprintf("userUpdated %d", a)]
	if len(got) != 2 || got["userId"] != float64(a) || got["abstract"] != "" {
		t.Errorf("heard %v", got)
	}
	wantCode(t, "no change", update(&user_rpc.UpdateInfoRequest{UserId: a}), nil)
	wantCode(t, "a bad change", update(&user_rpc.UpdateInfoRequest{UserId: a, Nickname: new(" "), Abstract: new("x")}), errs.Bad)
	wantCode(t, "nobody's change", update(&user_rpc.UpdateInfoRequest{UserId: a + 1, Nickname: new("x")}), errs.NotFound)
	w.silent(t, heard, a)
	if u, err := w.Users.ByID(t.Context(), a); err != nil || u.Abstract != "" || u.Nickname != "Nick 1" {
		t.Errorf("%+v, error %v", u, err)
	}
}

// Without Redis everything works but the bell.
func TestTheBusIsAway(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	a, b := w.user(t, nil), w.user(t, nil)
	if err := w.Redis.Close(); err != nil {
		t.Fatal(err)
	}
	asked, err := w.add(t, a, b)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.handle(t, b, asked.VerifyId, model.RequestAccepted); err != nil {
		t.Fatal(err)
	}
	if _, err := NewUpdateInfoLogic(t.Context(), w.ServiceContext).UpdateInfo(&user_rpc.UpdateInfoRequest{UserId: a, Nickname: new("x")}); err != nil {
		t.Fatal(err)
	}
	list, err := NewFriendsLogic(t.Context(), w.ServiceContext).Friends(&user_rpc.FriendsRequest{UserId: b})
	if err != nil || len(list.List) != 1 || list.List[0].IsOnline {
		t.Errorf("%+v, error %v", list, err)
	}
}
