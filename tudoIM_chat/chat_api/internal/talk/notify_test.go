package talk

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"google.golang.org/grpc"

	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/common/wire"
	"tudoIM/tudoIM_chat/chat_api/internal/people"
	"tudoIM/tudoIM_chat/chat_api/internal/types"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
	"tudoIM/tudoIM_user/user_rpc/user"
)

// town is a user_rpc with so many accounts, numbered from 1.
type town struct {
	user.User
	accounts uint64
}

func (f town) All(_ context.Context, in *user_rpc.AllRequest, _ ...grpc.CallOption) (*user_rpc.AllResponse, error) {
	r := &user_rpc.AllResponse{}
	for id := in.After + 1; id <= f.accounts && len(r.UserIds) < int(in.Limit); id++ {
		r.UserIds = append(r.UserIds, id)
	}
	return r, nil
}

// Judge says of user 1 alone that it administers.
func (f town) Judge(_ context.Context, in *user_rpc.JudgeRequest, _ ...grpc.CallOption) (*user_rpc.JudgeResponse, error) {
	if in.OperatorId != 1 {
		return nil, errs.Forbidden
	}
	return &user_rpc.JudgeResponse{AuditId: 1}, nil
}

func (f town) Judged(context.Context, *user_rpc.JudgedRequest, ...grpc.CallOption) (*user_rpc.JudgedResponse, error) {
	return &user_rpc.JudgedResponse{}, nil
}

func (f town) Profiles(_ context.Context, in *user_rpc.ProfilesRequest, _ ...grpc.CallOption) (*user_rpc.ProfilesResponse, error) {
	r := &user_rpc.ProfilesResponse{}
	for _, id := range in.UserIds {
		if id <= f.accounts {
			r.List = append(r.List, &user_rpc.Profile{UserId: id, UserName: fmt.Sprint("u", id)})
		}
	}
	return r, nil
}

// post is a chat_rpc that counts what each user gets.
type post struct {
	wire.MessagesClient
	got map[uint64]int
}

func (f post) Send(_ context.Context, in *wire.SendRequest, _ ...grpc.CallOption) (*wire.SendResponse, error) {
	r := &wire.SendResponse{}
	for _, i := range in.List {
		if i.UserId == 0 && i.Made {
			f.got[i.TargetId]++
		}
		r.List = append(r.List, &wire.SendResult{Message: &wire.Message{}})
	}
	return r, nil
}

func TestNotices(t *testing.T) {
	t.Parallel()
	const admin, plain = 1, 2
	text := map[string]any{"type": 1, "textMsg": map[string]any{"content": "x"}}
	for _, c := range []struct {
		name string
		me   uint64
		in   *types.SystemRequest
		err  error
		sent int
		next uint64
	}{
		{"to some, who exist", admin, &types.SystemRequest{UserIDs: []uint64{3, 9999, 5}, Msg: text}, nil, 2, 0},
		{"to all, the first", admin, &types.SystemRequest{All: true, Msg: text}, nil, 1000, 1000},
		{"to all, the second", admin, &types.SystemRequest{All: true, After: 1000, Msg: text}, nil, 1000, 2000},
		{"to all, the last", admin, &types.SystemRequest{All: true, After: 2000, Msg: text}, nil, 345, 0},
		{"by a plain user", plain, &types.SystemRequest{All: true, Msg: text}, errs.Forbidden, 0, 0},
		{"to nobody", admin, &types.SystemRequest{Msg: text}, errs.Bad, 0, 0},
		{"to some and to all", admin, &types.SystemRequest{All: true, UserIDs: []uint64{1}, Msg: text}, errs.Bad, 0, 0},
		{"to too many", admin, &types.SystemRequest{UserIDs: make([]uint64, 1001), Msg: text}, errs.Bad, 0, 0},
		{"no message", admin, &types.SystemRequest{All: true, Msg: map[string]any{}}, errs.BadMessage, 0, 0},
		{"a card", admin, &types.SystemRequest{All: true, Msg: map[string]any{"type": 14, "cardMsg": map[string]any{"userId": 1}}}, errs.BadMessage, 0, 0},
	} {
		users, chat := town{accounts: 2345}, post{got: map[uint64]int{}}
		talks := New(t.Context(), Links{Private: chat, People: people.New(users), Users: users})
		r, err := talks.Notify(token.With(t.Context(), token.Identity{UserID: c.me}), c.in)
		if !errors.Is(err, c.err) || (err == nil) != (c.err == nil) || len(chat.got) != c.sent || err == nil && (r.Sent != c.sent || r.Next != c.next) {
			t.Errorf("%s: %+v, %v, %d got it", c.name, r, err, len(chat.got))
		}
	}
}
