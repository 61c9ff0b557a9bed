package logic

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"google.golang.org/grpc"

	"tudoIM/common/errs"
	"tudoIM/common/event"
	"tudoIM/common/msglog"
	"tudoIM/common/wire"
	"tudoIM/tudoIM_file/file_rpc/files"
	"tudoIM/tudoIM_file/file_rpc/types/file_rpc"
	"tudoIM/tudoIM_user/user_rpc/internal/model"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

func (w *world) setConf(t *testing.T, in *user_rpc.SetConfRequest) (*user_rpc.SetConfResponse, error) {
	t.Helper()
	return NewSetConfLogic(t.Context(), w.ServiceContext).SetConf(in)
}

// bells returns what nodes hear on the channel of pairs from now on.
func (w *world) bells(t *testing.T) <-chan *wire.Event {
	t.Helper()
	heard := make(chan *wire.Event, 100)
	sub := w.Bus.Subscribe(t.Context(), func(_ string, e *wire.Event) { heard <- e }, func() {}, event.Pairs)
	until(t, "the bus is heard", sub.Up)
	return heard
}

// rings fails unless the next bell is about user alone.
func rings(t *testing.T, what string, bells <-chan *wire.Event, user uint64) {
	t.Helper()
	until(t, what, func() bool { return len(bells) > 0 })
	if e := <-bells; e.Name != event.Pair || len(e.To) != 1 || e.To[0].UserId != user {
		t.Errorf("%s: heard %v", what, e)
	}
}

func TestOwnDevicesHearOfSettings(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	a, b := w.befriend(t)
	heard, bells := w.listen(t, a, b), w.bells(t)
	own := fmt.Sprintf("confUpdated %d", a)
	got, err := w.setConf(t, &user_rpc.SetConfRequest{
		UserId: a, Sound: new(false), Language: new("zh"), // of which the second is no change
		Verification: new(model.VerifyRight), Question: &user_rpc.QuestionChange{Problem2: new("pet?"), Answer2: new("cat")},
	})
	if err != nil || got.Conf.Sound || got.Conf.Verification != 4 || got.Conf.Question.Problem2 != "pet?" || got.Conf.Question.Answer2 != "" {
		t.Errorf("%+v, error %v", got, err)
	}
	data := hear(t, heard, 1)[own]
	want := map[string]any{"sound": false, "verification": 4.0, "verificationQuestion": map[string]any{"problem1": "", "problem2": "pet?", "problem3": ""}}
	if fmt.Sprint(data) != fmt.Sprint(want) {
		t.Errorf("heard %v, want %v", data, want)
	}
	for range 2 { // of which the second changes nothing
		_, err = w.setConf(t, &user_rpc.SetConfRequest{UserId: a, ShowOnline: new(false)})
		wantCode(t, "hide", err, nil)
	}
	if data := hear(t, heard, 1)[own]; len(data) != 1 || data["showOnline"] != false {
		t.Errorf("heard %v", data)
	}
	rings(t, "who may see the presence", bells, a)
	for what, c := range map[string]struct {
		in   *user_rpc.SetConfRequest
		want *errs.Error
	}{
		"a bad one":      {&user_rpc.SetConfRequest{UserId: a, Sound: new(true), Language: new("fr")}, errs.Bad},
		"no question":    {&user_rpc.SetConfRequest{UserId: a, Question: &user_rpc.QuestionChange{Problem2: new("")}}, errs.NeedsQuestion},
		"nobody's":       {&user_rpc.SetConfRequest{UserId: b + 1, Sound: new(true)}, errs.NotFound},
		"beyond numbers": {&user_rpc.SetConfRequest{UserId: 1 << 60}, errs.NotFound},
	} {
		_, err := w.setConf(t, c.in)
		wantCode(t, what, err, c.want)
	}
	w.silent(t, heard, a)
	if len(bells) != 0 {
		t.Errorf("nodes hear %v", <-bells)
	}
}

// Of read receipts chat_rpc knows before the answer; when it is away the
// change stays, the devices are told, and a repeat settles it.
func TestReceiptsAreSettled(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		a := w.user(t, nil)
		heard := w.listen(t, a)
		w.chat.senders.leave(true)
		none := &user_rpc.SetConfRequest{UserId: a, ReadReceipt: new(false)}
		_, err := w.setConf(t, none)
		wantCode(t, "chat_rpc is away", err, errs.Unavailable)
		if data := hear(t, heard, 1)[fmt.Sprintf("confUpdated %d", a)]; data["readReceipt"] != false {
			t.Errorf("heard %v", data)
		}
		w.chat.senders.leave(false)
		_, err = w.setConf(t, none)
		wantCode(t, "again", err, nil)
		w.silent(t, heard, a) // of what it was already
		w.knows(t, "no receipts", a, msglog.SenderState{NoReceipts: true}, free)
	})
}

// inFiles is a file_rpc with some files.
type inFiles struct {
	files.Files
	has  map[string]*file_rpc.File
	away bool
}

func (f *inFiles) Get(_ context.Context, in *file_rpc.GetRequest, _ ...grpc.CallOption) (*file_rpc.File, error) {
	if f.away {
		return nil, errs.Unavailable
	}
	if one := f.has[in.Uid]; one != nil && (one.UserId == in.UserId || one.IsPublic && !in.Owned) {
		return one, nil
	}
	return nil, errs.FileAccess
}

func TestAnAvatarIsAnImageOfOnesOwn(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	a, b := w.befriend(t)
	stranger := w.user(t, nil)
	f := &inFiles{has: map[string]*file_rpc.File{
		"mine": {Uid: "mine", UserId: a, Kind: "image", IsPublic: true}, "his": {Uid: "his", UserId: b, Kind: "image", IsPublic: true},
		"private": {Uid: "private", UserId: a, Kind: "image"}, "doc": {Uid: "doc", UserId: a, Kind: "document"},
	}}
	w.Files = f
	heard, bells := w.listen(t, a, b, stranger), w.bells(t)
	set := func(avatar string) error {
		_, err := NewUpdateInfoLogic(t.Context(), w.ServiceContext).UpdateInfo(&user_rpc.UpdateInfoRequest{UserId: a, Avatar: &avatar})
		return err
	}
	is := func(what, want string) {
		t.Helper()
		if u, err := w.Users.ByID(t.Context(), a); err != nil || u.Avatar != want {
			t.Errorf("%s: %+v, %v", what, u, err)
		}
	}
	for given, want := range map[string]string{"mine": "/api/file/mine", "/api/file/mine": "/api/file/mine", "": ""} {
		wantCode(t, given, set(given), nil)
		is(given, want)
		got := hear(t, heard, 2)
		if names := slices.Sorted(maps.Keys(got)); !slices.Equal(names, []string{fmt.Sprintf("userUpdated %d", a), fmt.Sprintf("userUpdated %d", b)}) {
			t.Errorf("%q: heard %v", given, names)
		}
		for _, data := range got {
			if len(data) != 2 || data["avatar"] != want || data["userId"] != float64(a) {
				t.Errorf("%q: heard %v", given, data)
			}
		}
		rings(t, given, bells, a)
	}
	wantCode(t, "mine", set("mine"), nil)
	hear(t, heard, 2)
	for _, given := range []string{
		"his", "/api/file/his", "private", "/api/file/private", "doc", "none", "/api/file/", "/api/file/mine/", "/api/file//mine", "mine?dl=1", "mine#x", "../mine", "//evil/mine",
		"javascript:alert(1)", "https://evil/mine", "\\mine", " ", "/api/file/" + fmt.Sprintf("%200s", "mine"),
	} {
		wantCode(t, given, set(given), errs.AvatarNotMine)
	}
	f.away = true
	wantCode(t, "file_rpc is away", set("mine"), errs.Unavailable)
	wantCode(t, "none needs no file_rpc", set(""), nil)
	hear(t, heard, 2)
	is("after what was refused", "")
	w.silent(t, heard, a)
}

func TestFriendsHearOfAClosedAccount(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	a, b := w.befriend(t)
	stranger := w.user(t, nil)
	heard := w.listen(t, b, stranger)
	_, err := NewDeleteLogic(t.Context(), w.ServiceContext).Delete(&user_rpc.DeleteRequest{UserId: a})
	wantCode(t, "delete", err, nil)
	if got := hear(t, heard, 1)[fmt.Sprintf("friendDeleted %d", b)]; len(got) != 1 || got["userId"] != float64(a) {
		t.Errorf("heard %v", got)
	}
	w.silent(t, heard, b)
	_, err = NewFriendOfLogic(t.Context(), w.ServiceContext).FriendOf(&user_rpc.PairRequest{UserId: b, PeerId: a})
	wantCode(t, "the friend", err, errs.NotFriends)
}

func TestOneFriend(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	a, b := w.befriend(t)
	stranger := w.user(t, nil)
	of := func(user, peer uint64) (*user_rpc.Friend, error) {
		return NewFriendOfLogic(t.Context(), w.ServiceContext).FriendOf(&user_rpc.PairRequest{UserId: user, PeerId: peer})
	}
	wantCode(t, "remark", w.remark(t, a, b, "pal"), nil)
	if f, err := of(a, b); err != nil || f.Profile.UserId != b || f.Notice != "pal" {
		t.Errorf("%+v, %v", f, err)
	}
	if f, err := of(b, a); err != nil || f.Profile.UserId != a || f.Notice != "" {
		t.Errorf("the other way: %+v, %v", f, err)
	}
	for what, peer := range map[string]uint64{"a stranger": stranger, "nobody": stranger + 1, "oneself": a, "zero": 0, "beyond numbers": 1 << 60} {
		_, err := of(a, peer)
		wantCode(t, what, err, errs.NotFriends)
	}
}

func TestWhatIsAskedOfWhoWantsToBeFriends(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	question := model.Question{Problem1: "pet?", Answer1: "cat"}
	me := w.user(t, nil)
	of := func(target uint64) (*user_rpc.VerificationResponse, error) {
		return NewVerificationLogic(t.Context(), w.ServiceContext).Verification(&user_rpc.CardRequest{UserId: me, TargetId: target})
	}
	for mode := model.VerifyNobody; mode <= model.VerifyRight; mode++ {
		target := w.user(t, func(c *model.UserConfModel) { c.Verification, c.Question = mode, question })
		problem := ""
		if mode >= model.VerifyAnswers {
			problem = "pet?"
		}
		if got, err := of(target); err != nil || got.Verification != mode || got.Question.Problem1 != problem || got.Question.Answer1 != "" {
			t.Errorf("mode %d: %v, %v", mode, got, err)
		}
		w.block(t, target, me)
		if got, err := of(target); err != nil || got.Verification != model.VerifyNobody || got.Question.Problem1 != "" {
			t.Errorf("mode %d, who blocks me looks like one who takes nobody: %v, %v", mode, got, err)
		}
	}
	hidden := w.user(t, func(c *model.UserConfModel) { c.SearchUser = model.SearchHidden })
	for what, id := range map[string]uint64{"hidden": hidden, "nobody": hidden + 1, "zero": 0} {
		_, err := of(id)
		wantCode(t, what, err, errs.NotFound)
	}
}

func TestOnlineTellsWhatOneMaySee(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	a, b := w.befriend(t)
	stranger := w.user(t, nil)
	for _, id := range []uint64{a, b, stranger} {
		w.connect(t, "n1", id)
	}
	ask := func(ids ...uint64) ([]*user_rpc.UserState, error) {
		got, err := NewOnlineLogic(t.Context(), w.ServiceContext).Online(&user_rpc.OnlineRequest{UserId: a, UserIds: ids})
		return got.GetList(), err
	}
	search := func() int {
		got, err := NewSearchLogic(t.Context(), w.ServiceContext).Search(&user_rpc.SearchRequest{UserId: a, Key: "Nick", OnlineOnly: true})
		if err != nil || int64(len(got.List)) != got.Count || len(got.List) == 1 && got.List[0].Profile.UserId != b {
			t.Errorf("search: %v, %v", got, err)
		}
		return len(got.GetList())
	}
	look := func(what string, seen bool) {
		t.Helper()
		list, err := ask(stranger, b, 0, b, a, stranger+1)
		if err != nil || len(list) != 5 {
			t.Fatalf("%s: %v, %v", what, list, err)
		}
		for n, s := range list {
			want := n == 3 || n == 1 && seen
			if s.UserId != []uint64{stranger, b, 0, a, stranger + 1}[n] || s.IsOnline != want || (s.LastSeenAt != 0) != want || len(s.Platforms) != 0 != want {
				t.Errorf("%s: %v", what, s)
			}
		}
		if got := search(); (got == 1) != seen {
			t.Errorf("%s: search finds %d", what, got)
		}
	}
	look("a friend", true)
	_, err := w.setConf(t, &user_rpc.SetConfRequest{UserId: b, ShowOnline: new(false)})
	wantCode(t, "hide", err, nil)
	look("who hides it", false)
	_, err = ask(make([]uint64, 201)...)
	if !errors.Is(err, errs.Bad) {
		t.Errorf("201: %v", err)
	}
	if list, err := ask(make([]uint64, 200)...); err != nil || len(list) != 1 {
		t.Errorf("200 times the same: %v, %v", list, err)
	}
}
