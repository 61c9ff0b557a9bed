package people

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"

	"google.golang.org/grpc"

	"tudoIM/common/ctype"
	"tudoIM/common/token"
	"tudoIM/common/wire"
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

// A tip is stored without words: who shows a message, or the last one of a
// conversation, puts them in.
func TestTipsAreShownWithNames(t *testing.T) {
	t.Parallel()
	doc, err := ctype.GroupTip(ctype.TipInvited, 3, []uint64{7, 8}, "").Encode()
	if err != nil {
		t.Fatal(err)
	}
	m := &wire.Message{Id: 3, Type: wire.Group, TargetId: 5, SendUserId: 3, MsgType: ctype.TypeTip, Msg: doc, MemberNickname: "Chief", Role: 1}
	who, err := New(&fakeUsers{}).Get(t.Context(), Named([]*wire.Message{m})...)
	if err != nil {
		t.Fatal(err)
	}
	for lang, want := range map[string]string{"zh": "Nick 3邀请你、Nick 7加入了群聊", "en": "Nick 3 invited you and Nick 7 to the group"} {
		me := token.Identity{UserID: 8, Lang: lang}
		got := Message(m, me, who)
		if body, err := ctype.Decode(got.Msg.(json.RawMessage)); err != nil || body.TipMsg.Content != want || got.MsgPreview != want {
			t.Errorf("%s: %s, %q, %v", lang, got.Msg, got.MsgPreview, err)
		}
		if got.SendUser.MemberNickname != "Chief" || got.SendUser.Role != 1 || got.SendUser.Nickname != "Nick 3" {
			t.Errorf("by %+v", got.SendUser)
		}
		if c := Conversation(&wire.Conversation{Type: wire.Group, TargetId: 5, Last: m}, me, who); c.LastMsg.MsgPreview != want {
			t.Errorf("%s: the last is %q", lang, c.LastMsg.MsgPreview)
		}
	}
}
