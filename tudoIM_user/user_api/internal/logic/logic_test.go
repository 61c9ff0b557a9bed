package logic

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/common/wire"
	"tudoIM/tudoIM_user/user_api/internal/svc"
	"tudoIM/tudoIM_user/user_api/internal/types"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
	"tudoIM/tudoIM_user/user_rpc/user"
)

// users is a user_rpc that answers with what it was given and keeps what it
// was asked.
type users struct {
	user.User
	answer proto.Message
	err    error
	asked  proto.Message
}

// answer keeps in and returns the answer, if it is a T.
func answer[T any](u *users, in proto.Message) (*T, error) {
	u.asked = in
	if u.err != nil {
		return nil, u.err
	}
	t, ok := any(u.answer).(*T)
	if !ok {
		return nil, errors.New("not what was to be asked")
	}
	return t, nil
}

func (u *users) Info(_ context.Context, in *user_rpc.UserIdRequest, _ ...grpc.CallOption) (*user_rpc.UserInfoResponse, error) {
	return answer[user_rpc.UserInfoResponse](u, in)
}

func (u *users) UpdateInfo(_ context.Context, in *user_rpc.UpdateInfoRequest, _ ...grpc.CallOption) (*user_rpc.UpdateInfoResponse, error) {
	return answer[user_rpc.UpdateInfoResponse](u, in)
}

func (u *users) Card(_ context.Context, in *user_rpc.CardRequest, _ ...grpc.CallOption) (*user_rpc.CardResponse, error) {
	return answer[user_rpc.CardResponse](u, in)
}

func (u *users) Search(_ context.Context, in *user_rpc.SearchRequest, _ ...grpc.CallOption) (*user_rpc.SearchResponse, error) {
	return answer[user_rpc.SearchResponse](u, in)
}

func (u *users) AddFriend(_ context.Context, in *user_rpc.AddFriendRequest, _ ...grpc.CallOption) (*user_rpc.AddFriendResponse, error) {
	return answer[user_rpc.AddFriendResponse](u, in)
}

func (u *users) Requests(_ context.Context, in *user_rpc.RequestsRequest, _ ...grpc.CallOption) (*user_rpc.RequestsResponse, error) {
	return answer[user_rpc.RequestsResponse](u, in)
}

func (u *users) HandleRequest(_ context.Context, in *user_rpc.HandleRequestRequest, _ ...grpc.CallOption) (*user_rpc.HandleRequestResponse, error) {
	return answer[user_rpc.HandleRequestResponse](u, in)
}

func (u *users) Friends(_ context.Context, in *user_rpc.FriendsRequest, _ ...grpc.CallOption) (*user_rpc.FriendsResponse, error) {
	return answer[user_rpc.FriendsResponse](u, in)
}

func (u *users) Unfriend(_ context.Context, in *user_rpc.PairRequest, _ ...grpc.CallOption) (*user_rpc.PairResponse, error) {
	return answer[user_rpc.PairResponse](u, in)
}

func (u *users) Remark(_ context.Context, in *user_rpc.RemarkRequest, _ ...grpc.CallOption) (*user_rpc.RemarkResponse, error) {
	return answer[user_rpc.RemarkResponse](u, in)
}

func (u *users) Block(_ context.Context, in *user_rpc.PairRequest, _ ...grpc.CallOption) (*user_rpc.PairResponse, error) {
	return answer[user_rpc.PairResponse](u, in)
}

func (u *users) Unblock(_ context.Context, in *user_rpc.PairRequest, _ ...grpc.CallOption) (*user_rpc.PairResponse, error) {
	return answer[user_rpc.PairResponse](u, in)
}

func (u *users) Blacks(_ context.Context, in *user_rpc.BlacksRequest, _ ...grpc.CallOption) (*user_rpc.BlacksResponse, error) {
	return answer[user_rpc.BlacksResponse](u, in)
}

func (u *users) CheckFriend(_ context.Context, in *user_rpc.PairRequest, _ ...grpc.CallOption) (*user_rpc.CheckFriendResponse, error) {
	return answer[user_rpc.CheckFriendResponse](u, in)
}

func (u *users) SetConf(_ context.Context, in *user_rpc.SetConfRequest, _ ...grpc.CallOption) (*user_rpc.SetConfResponse, error) {
	return answer[user_rpc.SetConfResponse](u, in)
}

func (u *users) Verification(_ context.Context, in *user_rpc.CardRequest, _ ...grpc.CallOption) (*user_rpc.VerificationResponse, error) {
	return answer[user_rpc.VerificationResponse](u, in)
}

func (u *users) Online(_ context.Context, in *user_rpc.OnlineRequest, _ ...grpc.CallOption) (*user_rpc.OnlineResponse, error) {
	return answer[user_rpc.OnlineResponse](u, in)
}

func (u *users) FriendOf(_ context.Context, in *user_rpc.PairRequest, _ ...grpc.CallOption) (*user_rpc.Friend, error) {
	return answer[user_rpc.Friend](u, in)
}

var ann = &user_rpc.Profile{UserId: 2, UserName: "ann", Nickname: "Ann", Abstract: "hi", Avatar: "/a"}

// routes calls every logic as user 1; each call is a route with its request.
var routes = map[string]func(ctx context.Context, s *svc.ServiceContext) (any, error){
	"info": func(ctx context.Context, s *svc.ServiceContext) (any, error) {
		return NewUserInfoLogic(ctx, s).UserInfo()
	},
	"update": func(ctx context.Context, s *svc.ServiceContext) (any, error) {
		return nil, NewUpdateInfoLogic(ctx, s).UpdateInfo(&types.UpdateInfoRequest{Abstract: new(""), Avatar: new("uid")})
	},
	"conf": func(ctx context.Context, s *svc.ServiceContext) (any, error) { return NewConfLogic(ctx, s).Conf() },
	"set conf": func(ctx context.Context, s *svc.ServiceContext) (any, error) {
		return NewSetConfLogic(ctx, s).SetConf(&types.SetConfRequest{
			RecallMessage: new("r"), FriendOnline: new(false), Sound: new(true), SecureLink: new(false), SavePwd: new(true), SearchUser: new(int32(0)),
			Verification: new(int32(4)), VerificationQuestion: &types.QuestionChange{Problem1: new("?"), Answer1: new("!"), Problem3: new("")},
			ShowOnline: new(false), ReadReceipt: new(true), Language: new("en"),
		})
	},
	"set nothing": func(ctx context.Context, s *svc.ServiceContext) (any, error) {
		return NewSetConfLogic(ctx, s).SetConf(&types.SetConfRequest{})
	},
	"verification": func(ctx context.Context, s *svc.ServiceContext) (any, error) {
		return NewVerificationLogic(ctx, s).Verification(&types.VerificationRequest{ID: 2})
	},
	"online": func(ctx context.Context, s *svc.ServiceContext) (any, error) {
		return NewOnlineLogic(ctx, s).Online(&types.OnlineRequest{UserIDs: []uint64{2, 3}})
	},
	"friend": func(ctx context.Context, s *svc.ServiceContext) (any, error) {
		return NewFriendLogic(ctx, s).Friend(&types.FriendRequest{ID: 2})
	},
	"card": func(ctx context.Context, s *svc.ServiceContext) (any, error) {
		return NewCardLogic(ctx, s).Card(&types.CardRequest{ID: 2})
	},
	"search": func(ctx context.Context, s *svc.ServiceContext) (any, error) {
		return NewSearchLogic(ctx, s).Search(&types.SearchRequest{Key: "a", Online: true, Page: 3, Limit: 4})
	},
	"add": func(ctx context.Context, s *svc.ServiceContext) (any, error) {
		return NewAddFriendLogic(ctx, s).AddFriend(&types.AddFriendRequest{
			FriendID: 2, Verify: "hi", VerificationQuestion: types.Question{Problem1: "not mine to say", Answer1: "x", Answer2: "y", Answer3: "z"},
			Notice: "pal", Source: "search",
		})
	},
	"requests": func(ctx context.Context, s *svc.ServiceContext) (any, error) {
		return NewRequestsLogic(ctx, s).Requests(&types.RequestsRequest{Flag: "rev", Status: new(int32(0)), Page: 3, Limit: 4})
	},
	"all requests": func(ctx context.Context, s *svc.ServiceContext) (any, error) {
		return NewRequestsLogic(ctx, s).Requests(&types.RequestsRequest{})
	},
	"handle": func(ctx context.Context, s *svc.ServiceContext) (any, error) {
		return NewHandleRequestLogic(ctx, s).HandleRequest(&types.HandleRequestRequest{VerifyID: 7, Status: 1, Notice: "pal"})
	},
	"friends": func(ctx context.Context, s *svc.ServiceContext) (any, error) {
		return NewFriendsLogic(ctx, s).Friends(&types.FriendsRequest{Page: 3, Limit: 4, Key: "a", SinceVer: 5})
	},
	"unfriend": func(ctx context.Context, s *svc.ServiceContext) (any, error) {
		return nil, NewUnfriendLogic(ctx, s).Unfriend(&types.UnfriendRequest{ID: 2})
	},
	"remark": func(ctx context.Context, s *svc.ServiceContext) (any, error) {
		return nil, NewRemarkLogic(ctx, s).Remark(&types.RemarkRequest{FriendID: 2, Notice: new("pal"), IsTop: new(false)})
	},
	"check friend": func(ctx context.Context, s *svc.ServiceContext) (any, error) {
		return NewCheckFriendLogic(ctx, s).CheckFriend(&types.CheckFriendRequest{UserID: 2})
	},
	"blacks": func(ctx context.Context, s *svc.ServiceContext) (any, error) {
		return NewBlacksLogic(ctx, s).Blacks(&types.BlacksRequest{Page: 3, Limit: 4})
	},
	"block": func(ctx context.Context, s *svc.ServiceContext) (any, error) {
		return nil, NewBlockLogic(ctx, s).Block(&types.BlockRequest{UserID: 2})
	},
	"unblock": func(ctx context.Context, s *svc.ServiceContext) (any, error) {
		return nil, NewUnblockLogic(ctx, s).Unblock(&types.UnblockRequest{ID: 2})
	},
}

func TestShapes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		route  string
		answer proto.Message
		asked  proto.Message
		want   string
	}{
		{
			"info",
			&user_rpc.UserInfoResponse{Profile: ann, Role: 2, RegisterSource: "web", Conf: &user_rpc.Conf{
				RecallMessage: "r", FriendOnline: true, Sound: true, SecureLink: true, SavePwd: true, SearchUser: 2, Verification: 3,
				Question: &user_rpc.Question{Problem1: "?"}, ShowOnline: true, ReadReceipt: true, Language: "zh",
			}},
			&user_rpc.UserIdRequest{UserId: 1},
			`{"userId":2,"userName":"ann","nickname":"Ann","abstract":"hi","avatar":"/a","role":2,"registerSource":"web","conf":{` +
				`"recallMessage":"r","friendOnline":true,"sound":true,"secureLink":true,"savePwd":true,"searchUser":2,"verification":3,` +
				`"verificationQuestion":{"problem1":"?","problem2":"","problem3":""},"showOnline":true,"readReceipt":true,"language":"zh"}}`,
		},
		{"update", &user_rpc.UpdateInfoResponse{}, &user_rpc.UpdateInfoRequest{UserId: 1, Abstract: new(""), Avatar: new("uid")}, `null`},
		{
			"card",
			&user_rpc.CardResponse{Profile: ann, IsFriend: true, IsBlack: true, Notice: "pal", CanChat: true, IsOnline: true},
			&user_rpc.CardRequest{UserId: 1, TargetId: 2},
			`{"userId":2,"userName":"ann","nickname":"Ann","abstract":"hi","avatar":"/a","isFriend":true,"isBlack":true,"notice":"pal","canChat":true,"isOnline":true}`,
		},
		{
			"search",
			&user_rpc.SearchResponse{List: []*user_rpc.Found{{Profile: ann, IsFriend: true}}, Count: 9},
			&user_rpc.SearchRequest{UserId: 1, Key: "a", OnlineOnly: true, Page: 3, Limit: 4},
			`{"list":[{"userId":2,"nickname":"Ann","abstract":"hi","avatar":"/a","isFriend":true}],"count":9}`,
		},
		{"search", &user_rpc.SearchResponse{}, nil, `{"list":[],"count":0}`},
		{
			"add",
			&user_rpc.AddFriendResponse{Result: "pending", VerifyId: 7},
			&user_rpc.AddFriendRequest{
				UserId: 1, FriendId: 2, Verify: "hi", Question: &user_rpc.Question{Answer1: "x", Answer2: "y", Answer3: "z"},
				Notice: "pal", Source: "search",
			},
			`{"result":"pending","verifyId":7}`,
		},
		{
			"requests",
			&user_rpc.RequestsResponse{Count: 9, PendingCount: 5, List: []*user_rpc.FriendRequestItem{{
				Id: 7, Profile: ann, AdditionalMessages: "hi", Status: 0, Flag: "rev", CreatedAt: 1700000000000,
				Question: &user_rpc.Question{Problem1: "?", Answer1: "!"},
			}}},
			&user_rpc.RequestsRequest{UserId: 1, Flag: "rev", Status: new(int32(0)), Page: 3, Limit: 4},
			`{"list":[{"id":7,"userId":2,"nickname":"Ann","avatar":"/a","additionalMessages":"hi",` +
				`"verificationQuestion":{"problem1":"?","problem2":"","problem3":"","answer1":"!"},"status":0,"flag":"rev","createdAt":1700000000000}],` +
				`"count":9,"pendingCount":5}`,
		},
		{"all requests", &user_rpc.RequestsResponse{}, &user_rpc.RequestsRequest{UserId: 1}, `{"list":[],"count":0,"pendingCount":0}`},
		{
			"handle",
			&user_rpc.HandleRequestResponse{Friend: &user_rpc.Friend{Profile: ann, Notice: "pal", IsTop: true, Ver: 3, IsOnline: true}},
			&user_rpc.HandleRequestRequest{UserId: 1, VerifyId: 7, Status: 1, Notice: "pal"},
			`{"friend":{"userId":2,"nickname":"Ann","abstract":"hi","avatar":"/a","notice":"pal","isOnline":true,"isTop":true,"ver":3}}`,
		},
		{"handle", &user_rpc.HandleRequestResponse{}, nil, `{}`},
		{
			"friends",
			&user_rpc.FriendsResponse{Count: 9, List: []*user_rpc.Friend{{Profile: ann, Ver: 1}}, Ver: 8, Removed: []uint64{6, 7}},
			&user_rpc.FriendsRequest{UserId: 1, Page: 3, Limit: 4, Key: "a", SinceVer: 5},
			`{"list":[{"userId":2,"nickname":"Ann","abstract":"hi","avatar":"/a","notice":"","isOnline":false,"isTop":false,"ver":1}],"count":9,"ver":8,"removed":[6,7]}`,
		},
		{"friends", &user_rpc.FriendsResponse{}, nil, `{"list":[],"count":0,"ver":0,"removed":[]}`},
		{
			"friend", &user_rpc.Friend{Profile: ann, Notice: "pal", IsTop: true, Ver: 3, IsOnline: true}, &user_rpc.PairRequest{UserId: 1, PeerId: 2},
			`{"userId":2,"nickname":"Ann","abstract":"hi","avatar":"/a","notice":"pal","isOnline":true,"isTop":true,"ver":3}`,
		},
		{
			"conf", &user_rpc.UserInfoResponse{Profile: ann, Conf: &user_rpc.Conf{RecallMessage: "r", Language: "zh"}}, &user_rpc.UserIdRequest{UserId: 1},
			`{"recallMessage":"r","friendOnline":false,"sound":false,"secureLink":false,"savePwd":false,"searchUser":0,"verification":0,` +
				`"verificationQuestion":{"problem1":"","problem2":"","problem3":""},"showOnline":false,"readReceipt":false,"language":"zh"}`,
		},
		{
			"set conf", &user_rpc.SetConfResponse{Conf: &user_rpc.Conf{Sound: true, Question: &user_rpc.Question{Problem1: "?"}}},
			&user_rpc.SetConfRequest{
				UserId: 1, RecallMessage: new("r"), FriendOnline: new(false), Sound: new(true), SecureLink: new(false), SavePwd: new(true), SearchUser: new(int32(0)),
				Verification: new(int32(4)), Question: &user_rpc.QuestionChange{Problem1: new("?"), Answer1: new("!"), Problem3: new("")},
				ShowOnline: new(false), ReadReceipt: new(true), Language: new("en"),
			},
			`{"recallMessage":"","friendOnline":false,"sound":true,"secureLink":false,"savePwd":false,"searchUser":0,"verification":0,` +
				`"verificationQuestion":{"problem1":"?","problem2":"","problem3":""},"showOnline":false,"readReceipt":false,"language":""}`,
		},
		{"set nothing", &user_rpc.SetConfResponse{Conf: &user_rpc.Conf{}}, &user_rpc.SetConfRequest{UserId: 1}, ""},
		{
			"verification", &user_rpc.VerificationResponse{Verification: 3, Question: &user_rpc.Question{Problem2: "?"}}, &user_rpc.CardRequest{UserId: 1, TargetId: 2},
			`{"verification":3,"verificationQuestion":{"problem1":"","problem2":"?","problem3":""}}`,
		},
		{
			"online",
			&user_rpc.OnlineResponse{List: []*user_rpc.UserState{{UserId: 2, IsOnline: true, Platforms: []string{"web"}, LastSeenAt: 5}, {UserId: 3}}},
			&user_rpc.OnlineRequest{UserId: 1, UserIds: []uint64{2, 3}},
			`{"list":[{"userId":2,"isOnline":true,"platforms":["web"],"lastSeenAt":5},{"userId":3,"isOnline":false,"platforms":[]}]}`,
		},
		{"online", &user_rpc.OnlineResponse{}, nil, `{"list":[]}`},
		{"unfriend", &user_rpc.PairResponse{}, &user_rpc.PairRequest{UserId: 1, PeerId: 2}, `null`},
		{"remark", &user_rpc.RemarkResponse{}, &user_rpc.RemarkRequest{UserId: 1, FriendId: 2, Notice: new("pal"), IsTop: new(false)}, `null`},
		{
			"check friend", &user_rpc.CheckFriendResponse{IsFriend: true, BlockedByMe: true}, &user_rpc.PairRequest{UserId: 1, PeerId: 2},
			`{"isFriend":true,"blockedByMe":true}`,
		},
		{
			"blacks", &user_rpc.BlacksResponse{List: []*user_rpc.Profile{ann}, Count: 9}, &user_rpc.BlacksRequest{UserId: 1, Page: 3, Limit: 4},
			`{"list":[{"userId":2,"nickname":"Ann","abstract":"hi","avatar":"/a"}],"count":9}`,
		},
		{"blacks", &user_rpc.BlacksResponse{}, nil, `{"list":[],"count":0}`},
		{"block", &user_rpc.PairResponse{}, &user_rpc.PairRequest{UserId: 1, PeerId: 2}, `null`},
		{"unblock", &user_rpc.PairResponse{}, &user_rpc.PairRequest{UserId: 1, PeerId: 2}, `null`},
	} {
		t.Run(c.route, func(t *testing.T) {
			t.Parallel()
			u := &users{answer: c.answer}
			resp, err := routes[c.route](as(t, 1), &svc.ServiceContext{Users: u})
			if err != nil {
				t.Fatal(err)
			}
			if got, err := json.Marshal(resp); err != nil || c.want != "" && string(got) != c.want {
				t.Errorf("%s, error %v\nwant %s", got, err, c.want)
			}
			if c.asked != nil && !proto.Equal(u.asked, c.asked) {
				t.Errorf("asked %v, want %v", u.asked, c.asked)
			}
		})
	}
}

func TestErrorsComeThrough(t *testing.T) {
	t.Parallel()
	for route, call := range routes {
		for _, want := range []*errs.Error{errs.Unavailable, errs.AlreadyFriends, errs.NotFound} {
			if _, err := call(as(t, 1), &svc.ServiceContext{Users: &users{err: want}}); !errors.Is(err, want) {
				t.Errorf("%s: %v, want %v", route, err, want)
			}
		}
	}
}

// messages is a chat_rpc that keeps what is set on a conversation.
type messages struct {
	wire.MessagesClient
	err error
	set *wire.SetRequest
}

func (m *messages) Set(_ context.Context, in *wire.SetRequest, _ ...grpc.CallOption) (*wire.Conversation, error) {
	m.set = in
	return &wire.Conversation{}, m.err
}

// Who ends a friendship may clear what was said, on the own side.
func TestUnfriendClearsIfAskedTo(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name        string
		clear       bool
		users, chat error
		cleared     bool
		want        error
	}{
		{"not asked to", false, nil, nil, false, nil},
		{"asked to", true, nil, nil, true, nil},
		{"who never spoke", true, nil, errs.NoConversation, true, nil},
		{"no friends", true, errs.NotFriends, nil, false, errs.NotFriends},
		{"chat_rpc is away", true, nil, errs.Unavailable, true, errs.Unavailable},
	} {
		m := &messages{err: c.chat}
		s := &svc.ServiceContext{Users: &users{answer: &user_rpc.PairResponse{}, err: c.users}, Messages: m}
		err := NewUnfriendLogic(as(t, 1), s).Unfriend(&types.UnfriendRequest{ID: 2, ClearChat: c.clear})
		if !errors.Is(err, c.want) || (m.set != nil) != c.cleared {
			t.Errorf("%s: set %v, error %v", c.name, m.set, err)
		}
		if m.set != nil && !proto.Equal(m.set, &wire.SetRequest{UserId: 1, TargetId: 2, Clear: true, IsHidden: new(true)}) {
			t.Errorf("%s: set %v", c.name, m.set)
		}
	}
}

// gRPC takes no text that is not UTF-8: it must not look like our fault.
func TestBadQueriesDoNotReachTheRPC(t *testing.T) {
	t.Parallel()
	u := &users{}
	s := &svc.ServiceContext{Users: u}
	_, search := NewSearchLogic(as(t, 1), s).Search(&types.SearchRequest{Key: "\xff"})
	_, friends := NewFriendsLogic(as(t, 1), s).Friends(&types.FriendsRequest{Key: "\xff"})
	_, flag := NewRequestsLogic(as(t, 1), s).Requests(&types.RequestsRequest{Flag: "both"})
	_, bytes := NewRequestsLogic(as(t, 1), s).Requests(&types.RequestsRequest{Flag: "\xff"})
	for what, err := range map[string]error{"search": search, "friends": friends, "flag": flag, "flag of bytes": bytes} {
		if !errors.Is(err, errs.Bad) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if u.asked != nil {
		t.Errorf("asked %v", u.asked)
	}
}

func as(t *testing.T, user uint64) context.Context {
	t.Helper()
	return token.With(t.Context(), token.Identity{UserID: user})
}
