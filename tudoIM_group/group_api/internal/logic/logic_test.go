package logic

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"tudoIM/common/ctype"
	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/common/wire"
	"tudoIM/tudoIM_group/group_api/internal/svc"
	"tudoIM/tudoIM_group/group_api/internal/types"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// half is an rpc half that gives the answers it has, and keeps what it was
// asked beside the profiles of users.
type half struct {
	answers map[string]proto.Message
	err     error
	asked   []proto.Message
	// profiles are the calls for profiles, by the number of users in them.
	profiles []int
}

func (h *half) NewStream(context.Context, *grpc.StreamDesc, string, ...grpc.CallOption) (grpc.ClientStream, error) {
	return nil, errs.Internal
}

func (h *half) Invoke(_ context.Context, method string, args, reply any, _ ...grpc.CallOption) error {
	name := path.Base(method)
	if h.err != nil {
		return h.err
	}
	if in, ok := args.(*user_rpc.ProfilesRequest); ok {
		h.profiles = append(h.profiles, len(in.UserIds))
		for _, id := range in.UserIds {
			if id <= 3 { // the others have closed their accounts
				r := reply.(*user_rpc.ProfilesResponse)
				r.List = append(r.List, &user_rpc.Profile{UserId: id, Nickname: fmt.Sprint("N", id), Avatar: fmt.Sprint("a", id)})
			}
		}
		return nil
	}
	if in, ok := args.(*user_rpc.JudgeRequest); ok && in.OperatorId != 1 {
		return errs.Forbidden
	}
	h.asked = append(h.asked, args.(proto.Message))
	if a := h.answers[name]; a != nil {
		proto.Merge(reply.(proto.Message), a)
	}
	return nil
}

// away is an rpc half that does not answer.
func away() *half { return &half{err: errs.Unavailable} }

func at(groups, users *half) *svc.ServiceContext {
	return &svc.ServiceContext{Groups: group_rpc.NewGroupsClient(groups), Users: user_rpc.NewUserClient(users)}
}

func as(t *testing.T, user uint64) context.Context {
	t.Helper()
	return token.With(t.Context(), token.Identity{UserID: user, Lang: "en", ClientIP: "::1"})
}

// route is a route, asked as user 1, and what comes of it.
type route struct {
	name string
	do   func(ctx context.Context, s *svc.ServiceContext) (any, error)
	// answer is group_rpc's; users are those of user_rpc.
	answer proto.Message
	users  map[string]proto.Message
	// asked is what group_rpc is asked, told what user_rpc is beside profiles.
	asked proto.Message
	told  []proto.Message
	want  string
}

// done is a route without an answer.
func done(f func(ctx context.Context, s *svc.ServiceContext) error) func(context.Context, *svc.ServiceContext) (any, error) {
	return func(ctx context.Context, s *svc.ServiceContext) (any, error) { return nil, f(ctx, s) }
}

var (
	one     = &types.GetRequest{ID: 5}
	person1 = `{"userId":1,"nickname":"N1","avatar":"a1"}`
	person2 = `{"userId":2,"nickname":"N2","avatar":"a2"}`
	person9 = `{"userId":9,"nickname":"","avatar":""}`
	confRPC = &group_rpc.Conf{IsTop: true, IsMuted: true, ShowNick: true, MemberNickname: "m", Remark: "r", Saved: true}
	confDoc = `{"isTop":true,"isMuted":true,"showNick":true,"memberNickname":"m","remark":"r","saved":true}`
	cardRPC = &group_rpc.Group{
		GroupId: 5, Title: "T", Abstract: "A", Avatar: "a", Creator: 1, MemberCount: 6, Size: 7, Role: 3, IsSearch: true,
		Verification: 2, Status: 1, Conf: confRPC, Ver: 8, CreatedAt: 9,
	}
	cards = `{"list":[{"groupId":5,"title":"T","abstract":"A","avatar":"a","creator":1,"memberCount":6,"size":7,"role":3,"isInGroup":true,` +
		`"isSearch":true,"verification":2,"status":1,"myConf":` + confDoc + `,"ver":8,"createdAt":9},` +
		`{"groupId":6,"title":"","abstract":"","avatar":"","creator":0,"memberCount":0,"size":0,"role":0,"isInGroup":false,` +
		`"isSearch":false,"verification":0,"status":0,"ver":0,"createdAt":0}],"count":12}`
	groupsRPC = &group_rpc.GroupsResponse{List: []*group_rpc.Group{cardRPC, {GroupId: 6}}, Count: 12}
	noticeRPC = &group_rpc.Notice{Id: 4, GroupId: 5, UserId: 2, Content: "c", IsTop: true, NeedConfirm: true, CreatedAt: 9, ConfirmCount: 3, IsConfirmed: true}
	noticeDoc = `{"id":4,"groupId":5,"content":"c","user":` + person2 + `,"isTop":true,"needConfirm":true,"isConfirmed":true,"confirmCount":3,"createdAt":9}`
	questions = types.Question{Problem1: "p", Answer1: "a", Answer2: "b", Answer3: "c"}
	full      = &group_rpc.Question{Problem1: "p", Problem2: "q", Problem3: "r", Answer1: "a", Answer2: "b", Answer3: "c"}
)

func routes() []route {
	judged := func(act string, target uint64, about string) *user_rpc.JudgeRequest {
		return &user_rpc.JudgeRequest{OperatorId: 1, Act: act, TargetId: target, About: about, Ip: "::1"}
	}
	tip, _ := ctype.GroupTip(ctype.TipKicked, 2, []uint64{1, 9}, "").Encode()
	return []route{
		{name: "create", do: func(ctx context.Context, s *svc.ServiceContext) (any, error) {
			return NewCreateLogic(ctx, s).Create(&types.CreateRequest{Mode: 1, Title: "team", Avatar: "a", IsSearch: true, Size: new(int32(9)), UserIDList: []uint64{2, 3}})
		}, answer: &group_rpc.CreateResponse{GroupId: 5}, asked: &group_rpc.CreateRequest{
			UserId: 1, Mode: 1, Title: "team", Avatar: "a", IsSearch: true, Size: new(int32(9)), UserIds: []uint64{2, 3},
		}, want: `{"groupId":5}`},
		{name: "create: no size is not 0", do: func(ctx context.Context, s *svc.ServiceContext) (any, error) {
			return NewCreateLogic(ctx, s).Create(&types.CreateRequest{Mode: 2, UserIDList: []uint64{2}})
		}, asked: &group_rpc.CreateRequest{UserId: 1, Mode: 2, UserIds: []uint64{2}}, want: `{"groupId":0}`},
		{name: "get", do: func(ctx context.Context, s *svc.ServiceContext) (any, error) { return NewGetLogic(ctx, s).Get(one) },
			answer: &group_rpc.Group{
				GroupId: 5, Title: "T", Abstract: "A", Avatar: "a", Creator: 1, Admins: []uint64{3, 2, 9}, MemberCount: 6, Size: 7,
				IsSearch: true, Verification: 2, IsInvite: true, IsTemporarySession: true, IsProhibition: true, ProhibitionUntil: 11, HistoryVisible: true,
				Status: 1, Ver: 8, Role: 3, CreatedAt: 9, Notice: noticeRPC, Conf: confRPC, Members: []uint64{1, 2, 3},
			}, asked: &group_rpc.OneRequest{UserId: 1, GroupId: 5, Members: true},
			users: map[string]proto.Message{"OnlineCount": &user_rpc.OnlineCountResponse{Count: 2}},
			told:  []proto.Message{&user_rpc.OnlineCountRequest{UserIds: []uint64{1, 2, 3}}},
			want: `{"groupId":5,"title":"T","abstract":"A","avatar":"a","creator":` + person1 + `,` +
				`"adminList":[{"userId":3,"nickname":"N3","avatar":"a3"},` + person2 + `,` + person9 + `],` +
				`"memberCount":6,"memberOnlineCount":2,"role":3,"isInGroup":true,"isProhibition":true,"prohibitionUntil":11,"isSearch":true,"verification":2,` +
				`"isInvite":true,"isTemporarySession":true,"historyVisible":true,"size":7,"status":1,"notice":` + noticeDoc + `,"myConf":` + confDoc + `,"ver":8,"createdAt":9}`},
		{name: "get, as a stranger", do: func(ctx context.Context, s *svc.ServiceContext) (any, error) { return NewGetLogic(ctx, s).Get(one) },
			answer: &group_rpc.Group{GroupId: 5, Creator: 2}, asked: &group_rpc.OneRequest{UserId: 1, GroupId: 5, Members: true},
			want: `{"groupId":5,"title":"","abstract":"","avatar":"","creator":` + person2 + `,"adminList":[],"memberCount":0,"memberOnlineCount":0,"role":0,` +
				`"isInGroup":false,"isProhibition":false,"prohibitionUntil":0,"isSearch":false,"verification":0,"isInvite":false,"isTemporarySession":false,` +
				`"historyVisible":false,"size":0,"status":0,"ver":0,"createdAt":0}`},
		{name: "update all", do: done(func(ctx context.Context, s *svc.ServiceContext) error {
			return NewUpdateLogic(ctx, s).Update(&types.UpdateRequest{
				ID: 5, Title: new("t"), Abstract: new("a"), Avatar: new("v"), IsSearch: new(true), IsInvite: new(false), IsTemporarySession: new(true),
				IsProhibition: new(true), ProhibitionMinutes: new(int32(7)), Verification: new(int32(3)), HistoryVisible: new(true), Size: new(int32(8)),
				VerificationQuestion: &types.QuestionChange{
					Problem1: new("p"), Problem2: new("q"), Problem3: new("r"), Answer1: new("x"), Answer2: new("y"), Answer3: new(""),
				},
			})
		}), asked: &group_rpc.UpdateRequest{
			UserId: 1, GroupId: 5, Title: new("t"), Abstract: new("a"), Avatar: new("v"), IsSearch: new(true), IsInvite: new(false), IsTemporarySession: new(true),
			IsProhibition: new(true), ProhibitionMinutes: new(int32(7)), Verification: new(int32(3)), HistoryVisible: new(true), Size: new(int32(8)),
			Question: &group_rpc.QuestionChange{
				Problem1: new("p"), Problem2: new("q"), Problem3: new("r"), Answer1: new("x"), Answer2: new("y"), Answer3: new(""),
			},
		}},
		{name: "update nothing", do: done(func(ctx context.Context, s *svc.ServiceContext) error {
			return NewUpdateLogic(ctx, s).Update(&types.UpdateRequest{ID: 5})
		}), asked: &group_rpc.UpdateRequest{UserId: 1, GroupId: 5}},
		{name: "dissolve", do: done(func(ctx context.Context, s *svc.ServiceContext) error { return NewDissolveLogic(ctx, s).Dissolve(one) }),
			asked: &group_rpc.DissolveRequest{UserId: 1, GroupId: 5}},
		{name: "transfer", do: done(func(ctx context.Context, s *svc.ServiceContext) error {
			return NewTransferLogic(ctx, s).Transfer(&types.TransferRequest{ID: 5, UserID: 2})
		}), asked: &group_rpc.MemberRequest{UserId: 1, GroupId: 5, MemberId: 2}},
		{name: "mine", do: func(ctx context.Context, s *svc.ServiceContext) (any, error) {
			return NewMineLogic(ctx, s).Mine(&types.MineRequest{Mode: 3, Page: 2, Limit: 4})
		}, answer: groupsRPC, asked: &group_rpc.MineRequest{UserId: 1, Mode: 3, Page: 2, Limit: 4}, want: cards},
		{name: "no groups", do: func(ctx context.Context, s *svc.ServiceContext) (any, error) {
			return NewMineLogic(ctx, s).Mine(&types.MineRequest{})
		}, asked: &group_rpc.MineRequest{UserId: 1}, want: `{"list":[],"count":0}`},
		{name: "search", do: func(ctx context.Context, s *svc.ServiceContext) (any, error) {
			return NewSearchLogic(ctx, s).Search(&types.SearchRequest{Key: "k", Page: 2, Limit: 4})
		}, answer: groupsRPC, asked: &group_rpc.SearchRequest{UserId: 1, Key: "k", Page: 2, Limit: 4}, want: cards},
		{name: "members", do: func(ctx context.Context, s *svc.ServiceContext) (any, error) {
			return NewMembersLogic(ctx, s).Members(&types.MembersRequest{ID: 5, Page: 2, Limit: 3, Sort: "lastMsg", Key: "k", SinceVer: 7})
		}, answer: &group_rpc.MembersResponse{Count: 40, Ver: 12, List: []*group_rpc.Member{
			{UserId: 2, MemberNickname: "m", Role: 1, ProhibitionUntil: 3, CreatedAt: 4, LastMsgAt: 5, InviterId: 6, Ver: 7}, {UserId: 9, IsLeft: true},
		}}, asked: &group_rpc.MembersRequest{UserId: 1, GroupId: 5, Page: 2, Limit: 3, Sort: "lastMsg", Key: "k", SinceVer: 7},
			users: map[string]proto.Message{"Online": &user_rpc.OnlineResponse{List: []*user_rpc.UserState{{UserId: 9}, {UserId: 2, IsOnline: true}}}},
			told:  []proto.Message{&user_rpc.OnlineRequest{UserId: 1, UserIds: []uint64{2, 9}}},
			want: `{"list":[{"userId":2,"userNickname":"N2","memberNickname":"m","avatar":"a2","role":1,"isOnline":true,"prohibitionUntil":3,"inviterId":6,"createdAt":4,` +
				`"newMsgDate":5,"ver":7},{"userId":9,"userNickname":"","memberNickname":"","avatar":"","role":0,"isOnline":false,"prohibitionUntil":0,"inviterId":0,` +
				`"createdAt":0,"newMsgDate":0,"ver":0,"isLeft":true}],"count":40,"ver":12}`},
		{name: "invite", do: func(ctx context.Context, s *svc.ServiceContext) (any, error) {
			return NewInviteLogic(ctx, s).Invite(&types.InviteRequest{ID: 5, MemberIDList: []uint64{2, 3, 4}})
		}, answer: &group_rpc.InviteResponse{Added: []uint64{2}, Pending: []uint64{3}, Refused: []*group_rpc.Refused{{UserId: 4, Code: 50002}}},
			asked: &group_rpc.InviteRequest{UserId: 1, GroupId: 5, UserIds: []uint64{2, 3, 4}},
			want:  `{"added":[2],"pending":[3],"refused":[{"userId":4,"code":50002,"msg":"not your friend"}]}`},
		{name: "invite nobody", do: func(ctx context.Context, s *svc.ServiceContext) (any, error) {
			return NewInviteLogic(ctx, s).Invite(&types.InviteRequest{ID: 5})
		}, asked: &group_rpc.InviteRequest{UserId: 1, GroupId: 5}, want: `{"added":[],"pending":[],"refused":[]}`},
		{name: "kick", do: done(func(ctx context.Context, s *svc.ServiceContext) error {
			return NewKickLogic(ctx, s).Kick(&types.KickRequest{ID: 5, MemberID: 2})
		}), asked: &group_rpc.MemberRequest{UserId: 1, GroupId: 5, MemberId: 2}},
		{name: "quit", do: done(func(ctx context.Context, s *svc.ServiceContext) error {
			return NewQuitLogic(ctx, s).Quit(&types.QuitRequest{ID: 5})
		}), asked: &group_rpc.OneRequest{UserId: 1, GroupId: 5}},
		{name: "rename", do: done(func(ctx context.Context, s *svc.ServiceContext) error {
			return NewRenameLogic(ctx, s).Rename(&types.RenameRequest{ID: 5, MemberID: 2, Nickname: "n"})
		}), asked: &group_rpc.RenameRequest{UserId: 1, GroupId: 5, MemberId: 2, Nickname: "n"}},
		{name: "role", do: done(func(ctx context.Context, s *svc.ServiceContext) error {
			return NewSetRoleLogic(ctx, s).SetRole(&types.RoleRequest{ID: 5, MemberID: 2, Role: 3})
		}), asked: &group_rpc.RoleRequest{UserId: 1, GroupId: 5, MemberId: 2, Role: 3}},
		{name: "mute", do: done(func(ctx context.Context, s *svc.ServiceContext) error {
			return NewProhibitionLogic(ctx, s).Prohibition(&types.ProhibitionRequest{ID: 5, MemberID: 2, Minutes: new(int32(0))})
		}), asked: &group_rpc.MuteRequest{UserId: 1, GroupId: 5, MemberId: 2, Minutes: new(int32(0))}},
		{name: "mute no more", do: done(func(ctx context.Context, s *svc.ServiceContext) error {
			return NewProhibitionLogic(ctx, s).Prohibition(&types.ProhibitionRequest{ID: 5, MemberID: 2})
		}), asked: &group_rpc.MuteRequest{UserId: 1, GroupId: 5, MemberId: 2}},
		{name: "friends", do: func(ctx context.Context, s *svc.ServiceContext) (any, error) {
			return NewFriendsLogic(ctx, s).Friends(&types.FriendsRequest{ID: 5, Page: 2, Limit: 3, Key: "k"})
		}, answer: &group_rpc.AmongResponse{UserIds: []uint64{3}}, asked: &group_rpc.AmongRequest{UserId: 1, GroupId: 5, UserIds: []uint64{2, 3}},
			users: map[string]proto.Message{"Friends": &user_rpc.FriendsResponse{Count: 8, List: []*user_rpc.Friend{
				{Profile: &user_rpc.Profile{UserId: 2, Nickname: "Bob", Avatar: "b"}, Notice: "pal"}, {Profile: &user_rpc.Profile{UserId: 3}},
			}}}, told: []proto.Message{&user_rpc.FriendsRequest{UserId: 1, Page: 2, Limit: 3, Key: "k"}},
			want: `{"list":[{"userId":2,"nickname":"Bob","avatar":"b","notice":"pal","isInGroup":false},` +
				`{"userId":3,"nickname":"","avatar":"","notice":"","isInGroup":true}],"count":8}`},
		{name: "notices", do: func(ctx context.Context, s *svc.ServiceContext) (any, error) {
			return NewNoticesLogic(ctx, s).Notices(&types.NoticesRequest{ID: 5, Page: 2, Limit: 3})
		}, answer: &group_rpc.NoticesResponse{List: []*group_rpc.Notice{noticeRPC}, Count: 4},
			asked: &group_rpc.NoticesRequest{UserId: 1, GroupId: 5, Page: 2, Limit: 3}, want: `{"list":[` + noticeDoc + `],"count":4}`},
		{name: "announce", do: func(ctx context.Context, s *svc.ServiceContext) (any, error) {
			return NewPostNoticeLogic(ctx, s).PostNotice(&types.PostNoticeRequest{GroupID: 5, Content: "c", IsTop: true, NeedConfirm: true})
		}, answer: noticeRPC, asked: &group_rpc.PostNoticeRequest{UserId: 1, GroupId: 5, Content: "c", IsTop: true, NeedConfirm: true}, want: noticeDoc},
		{name: "announce no more", do: done(func(ctx context.Context, s *svc.ServiceContext) error {
			return NewDeleteNoticeLogic(ctx, s).DeleteNotice(&types.NoticeRequest{NoticeID: 4})
		}), asked: &group_rpc.NoticeRequest{UserId: 1, NoticeId: 4}},
		{name: "confirm", do: done(func(ctx context.Context, s *svc.ServiceContext) error {
			return NewConfirmNoticeLogic(ctx, s).ConfirmNotice(&types.NoticeRequest{NoticeID: 4})
		}), asked: &group_rpc.NoticeRequest{UserId: 1, NoticeId: 4}},
		{name: "who confirmed", do: func(ctx context.Context, s *svc.ServiceContext) (any, error) {
			return NewConfirmedLogic(ctx, s).Confirmed(&types.ConfirmedRequest{NoticeID: 4, Page: 2, Limit: 3})
		}, answer: &group_rpc.ConfirmedResponse{List: []*group_rpc.Confirmation{{UserId: 2, CreatedAt: 9}}, Count: 7, Total: 8},
			asked: &group_rpc.NoticeRequest{UserId: 1, NoticeId: 4, Page: 2, Limit: 3},
			want:  `{"list":[{"userId":2,"nickname":"N2","avatar":"a2","createdAt":9}],"count":7,"total":8}`},
		{name: "conf", do: func(ctx context.Context, s *svc.ServiceContext) (any, error) {
			return NewConfLogic(ctx, s).Conf(&types.ConfRequest{ID: 5})
		}, answer: confRPC, asked: &group_rpc.SetConfRequest{UserId: 1, GroupId: 5}, want: confDoc},
		{name: "change conf", do: func(ctx context.Context, s *svc.ServiceContext) (any, error) {
			return NewSetConfLogic(ctx, s).SetConf(&types.SetConfRequest{
				GroupID: 5, IsTop: new(true), IsMuted: new(false), ShowNick: new(true), MemberNickname: new(""), Remark: new("r"), Saved: new(false),
			})
		}, answer: confRPC, asked: &group_rpc.SetConfRequest{
			UserId: 1, GroupId: 5, IsTop: new(true), IsMuted: new(false), ShowNick: new(true), MemberNickname: new(""), Remark: new("r"), Saved: new(false),
		}, want: confDoc},
		{name: "verification has no answers", do: func(ctx context.Context, s *svc.ServiceContext) (any, error) {
			return NewVerificationLogic(ctx, s).Verification(&types.VerificationRequest{ID: 5})
		}, answer: &group_rpc.VerificationResponse{Verification: 3, Question: full}, asked: &group_rpc.OneRequest{UserId: 1, GroupId: 5},
			want: `{"verification":3,"verificationQuestion":{"problem1":"p","problem2":"q","problem3":"r"}}`},
		{name: "join", do: func(ctx context.Context, s *svc.ServiceContext) (any, error) {
			return NewJoinLogic(ctx, s).Join(&types.JoinRequest{GroupID: 5, Verify: "v", VerificationQuestion: questions, Source: "s"})
		}, answer: &group_rpc.JoinResponse{Result: "pending", VerifyId: 8, GroupId: 5},
			asked: &group_rpc.JoinRequest{UserId: 1, GroupId: 5, Verify: "v", Source: "s", Question: &group_rpc.Question{Answer1: "a", Answer2: "b", Answer3: "c"}},
			want:  `{"result":"pending","verifyId":8,"groupId":5}`},
		{name: "requests", do: func(ctx context.Context, s *svc.ServiceContext) (any, error) {
			return NewRequestsLogic(ctx, s).Requests(&types.RequestsRequest{GroupID: 5, Flag: "rev", Status: new(int32(0)), Type: 1, Page: 2, Limit: 3})
		}, answer: &group_rpc.RequestsResponse{Count: 6, PendingCount: 4, List: []*group_rpc.RequestItem{
			{Id: 8, GroupId: 5, Title: "T", Avatar: "g", UserId: 2, InviterId: 1, HandlerId: 9, Type: 1, Status: 2, Flag: "rev", AdditionalMessages: "v", Question: full, Source: "s", CreatedAt: 6, HandledAt: 7},
			{Id: 9, UserId: 9, Type: 2},
		}}, asked: &group_rpc.RequestsRequest{UserId: 1, GroupId: 5, Flag: "rev", Status: new(int32(0)), Type: 1, Page: 2, Limit: 3},
			want: `{"list":[{"id":8,"groupId":5,"title":"T","groupAvatar":"g","userId":2,"nickname":"N2","avatar":"a2","type":1,"status":2,"flag":"rev","additionalMessages":"v",` +
				`"verificationQuestion":{"problem1":"p","problem2":"q","problem3":"r","answer1":"a","answer2":"b","answer3":"c"},"source":"s",` +
				`"inviter":` + person1 + `,"handler":` + person9 + `,"createdAt":6,"handledAt":7},` +
				`{"id":9,"groupId":0,"title":"","groupAvatar":"","userId":9,"nickname":"","avatar":"","type":2,"status":0,"flag":"","additionalMessages":"",` +
				`"verificationQuestion":{"problem1":"","problem2":"","problem3":""},"source":"","createdAt":0,"handledAt":0}],"count":6,"pendingCount":4}`},
		{name: "handle", do: done(func(ctx context.Context, s *svc.ServiceContext) error {
			return NewHandleLogic(ctx, s).Handle(&types.HandleRequest{ValidID: 8, Status: 2})
		}), asked: &group_rpc.HandleRequest{UserId: 1, VerifyId: 8, Status: 2}},
		{name: "make a link", do: func(ctx context.Context, s *svc.ServiceContext) (any, error) {
			return NewMakeLinkLogic(ctx, s).MakeLink(&types.MakeLinkRequest{GroupID: 5, ExpireAt: 9, MaxUses: 3})
		}, answer: &group_rpc.Link{Code: "c", GroupId: 5, ExpireAt: 9, MaxUses: 3}, asked: &group_rpc.MakeLinkRequest{UserId: 1, GroupId: 5, ExpireAt: 9, MaxUses: 3},
			want: `{"code":"c","url":"/join/c","expireAt":9,"maxUses":3}`},
		{name: "link", do: func(ctx context.Context, s *svc.ServiceContext) (any, error) {
			return NewLinkLogic(ctx, s).Link(&types.LinkRequest{Code: "c"})
		}, answer: &group_rpc.Link{Code: "c", GroupId: 5, Title: "T", Abstract: "A", Avatar: "a", MemberCount: 6, ExpireAt: 9, MaxUses: 3, Uses: 2, IsInGroup: true},
			asked: &group_rpc.LinkRequest{UserId: 1, Code: "c"},
			want:  `{"code":"c","url":"/join/c","groupId":5,"title":"T","abstract":"A","avatar":"a","memberCount":6,"expireAt":9,"maxUses":3,"uses":2,"isInGroup":true}`},
		{name: "join by a link", do: func(ctx context.Context, s *svc.ServiceContext) (any, error) {
			return NewJoinByLinkLogic(ctx, s).JoinByLink(&types.LinkRequest{Code: "c"})
		}, answer: &group_rpc.JoinResponse{Result: "joined", GroupId: 5}, asked: &group_rpc.LinkRequest{UserId: 1, Code: "c"}, want: `{"result":"joined","groupId":5}`},
		{name: "end a link", do: done(func(ctx context.Context, s *svc.ServiceContext) error {
			return NewDeleteLinkLogic(ctx, s).DeleteLink(&types.LinkRequest{Code: "c"})
		}), asked: &group_rpc.LinkRequest{UserId: 1, Code: "c"}},
		{name: "black list", do: func(ctx context.Context, s *svc.ServiceContext) (any, error) {
			return NewBlacksLogic(ctx, s).Blacks(&types.BlacksRequest{GroupID: 5, Page: 2, Limit: 3})
		}, answer: &group_rpc.BlacksResponse{List: []*group_rpc.Black{{UserId: 2, OperatorId: 1, CreatedAt: 9}}, Count: 7},
			asked: &group_rpc.BlacksRequest{UserId: 1, GroupId: 5, Page: 2, Limit: 3},
			want:  `{"list":[{"userId":2,"nickname":"N2","avatar":"a2","operator":` + person1 + `,"createdAt":9}],"count":7}`},
		{name: "block", do: done(func(ctx context.Context, s *svc.ServiceContext) error {
			return NewBlockLogic(ctx, s).Block(&types.BlockRequest{GroupID: 5, UserID: 2})
		}), asked: &group_rpc.MemberRequest{UserId: 1, GroupId: 5, MemberId: 2}},
		{name: "unblock", do: done(func(ctx context.Context, s *svc.ServiceContext) error {
			return NewUnblockLogic(ctx, s).Unblock(&types.BlockRequest{GroupID: 5, UserID: 2})
		}), asked: &group_rpc.MemberRequest{UserId: 1, GroupId: 5, MemberId: 2}},

		{name: "all groups", do: func(ctx context.Context, s *svc.ServiceContext) (any, error) {
			return NewAllLogic(ctx, s).All(&types.AllRequest{Key: "k", Status: new(int32(1)), Page: 2, Limit: 3})
		}, answer: groupsRPC, asked: &group_rpc.AllRequest{Key: "k", Status: new(int32(1)), Page: 2, Limit: 3},
			told: []proto.Message{judged("group.list", 0, "")}, want: cards},
		{name: "dissolve any", do: func(ctx context.Context, s *svc.ServiceContext) (any, error) {
			return NewDeleteGroupsLogic(ctx, s).DeleteGroups(&types.DeleteGroupsRequest{IDList: []uint64{5}})
		}, asked: &group_rpc.DissolveRequest{UserId: 1, GroupId: 5, BySite: true},
			told: []proto.Message{judged("group.dissolve", 5, "")}, want: `{"deleted":1,"refused":[]}`},
		{name: "suspend", do: done(func(ctx context.Context, s *svc.ServiceContext) error {
			return NewSetStatusLogic(ctx, s).SetStatus(&types.SetStatusRequest{ID: 5, Status: 1})
		}), asked: &group_rpc.SetStatusRequest{OperatorId: 1, GroupId: 5, Status: 1}, told: []proto.Message{judged("group.status", 5, "status 1")}},
		{name: "read messages", do: func(ctx context.Context, s *svc.ServiceContext) (any, error) {
			return NewAdminMessagesLogic(ctx, s).AdminMessages(&types.AdminMessagesRequest{ID: 5, BeforeSeq: 9, Limit: 3})
		}, answer: &group_rpc.AdminHistoryResponse{HasMore: true, MaxSeq: 12, List: []*wire.Message{
			{Id: 7, Seq: 7, SendUserId: 2, MsgType: ctype.TypeImage, Msg: []byte(`{"type":2}`), CreatedAt: 6},
			{Id: 9, Seq: 8, SendUserId: 2, MsgType: ctype.TypeTip, Msg: tip, CreatedAt: 6},
			{Id: 11, Seq: 9, SendUserId: 9, MsgType: 1, Status: 1},
		}}, asked: &group_rpc.AdminHistoryRequest{GroupId: 5, BeforeSeq: 9, Limit: 3}, told: []proto.Message{judged("group.messages.read", 5, "before 9")},
			want: `{"list":[{"id":7,"seq":7,"sendUser":` + person2 + `,"msgType":2,"msg":{"type":2},"msgPreview":"[Image]","status":0,"createdAt":6},` +
				`{"id":9,"seq":8,"sendUser":` + person2 + `,"msgType":12,"msg":{"type":12,"tipMsg":{"status":4,"content":"N2 removed you and User 9 from the group",` +
				`"operatorId":2,"userIds":[1,9]}},"msgPreview":"N2 removed you and User 9 from the group","status":0,"createdAt":6},` +
				`{"id":11,"seq":9,"sendUser":` + person9 + `,"msgType":1,"msg":null,"msgPreview":"[Message recalled]","status":1,"createdAt":0}],"hasMore":true,"maxSeq":12}`},
		{name: "delete messages", do: func(ctx context.Context, s *svc.ServiceContext) (any, error) {
			return NewDeleteMessagesLogic(ctx, s).DeleteMessages(&types.DeleteMessagesRequest{IDList: []uint64{7, 9}})
		}, answer: &group_rpc.AdminDeleteResponse{Deleted: 2}, asked: &group_rpc.AdminDeleteRequest{OperatorId: 1, Ids: []uint64{7, 9}},
			told: []proto.Message{judged("group.messages.delete", 0, "messages [7 9]")}, want: `{"deleted":2}`},
	}
}

// answering are the halves that a route needs; group_rpc answers anything it
// is asked with r.answer.
func (r route) answering() (groups, users *half) {
	groups, users = &half{answers: map[string]proto.Message{}}, &half{answers: r.users}
	for _, m := range group_rpc.Groups_ServiceDesc.Methods {
		groups.answers[m.MethodName] = r.answer
	}
	return groups, users
}

func equal(a, b []proto.Message) bool { return slices.EqualFunc(a, b, proto.Equal) }

func TestEveryRouteAsksAndShapes(t *testing.T) {
	t.Parallel()
	for _, r := range routes() {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			groups, users := r.answering()
			got, err := r.do(as(t, 1), at(groups, users))
			if err != nil {
				t.Fatal(err)
			}
			if !equal(groups.asked, []proto.Message{r.asked}) {
				t.Errorf("asked %v, want %v", groups.asked, r.asked)
			}
			if !equal(users.asked, r.told) {
				t.Errorf("asked user_rpc %v, want %v", users.asked, r.told)
			}
			doc, err := json.Marshal(got)
			if want := r.want; err != nil || (want != "" && string(doc) != want) || (want == "" && got != nil) {
				t.Errorf("%s, error %v\nwant %s", doc, err, want)
			}
		})
	}
}

func TestWhatIsAwayIsUnavailable(t *testing.T) {
	t.Parallel()
	for _, r := range routes() {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			groups, users := r.answering()
			if _, err := r.do(as(t, 1), at(away(), users)); !errors.Is(err, errs.Unavailable) {
				t.Errorf("group_rpc: %v", err)
			}
			if len(r.told) == 0 && !strings.Contains(r.want, `"nickname"`) {
				return // nothing in the answer is user_rpc's
			}
			if _, err := r.do(as(t, 1), at(groups, away())); !errors.Is(err, errs.Unavailable) {
				t.Errorf("user_rpc: %v", err)
			}
		})
	}
}

func TestNobodyElseActsAsAdministrator(t *testing.T) {
	t.Parallel()
	n := 0
	for _, r := range routes() {
		if len(r.told) == 0 {
			continue
		}
		if _, judged := r.told[0].(*user_rpc.JudgeRequest); !judged {
			continue
		}
		n++
		groups, users := r.answering()
		if _, err := r.do(as(t, 2), at(groups, users)); !errors.Is(err, errs.Forbidden) || len(groups.asked) != 0 {
			t.Errorf("%s: %v, asked %v", r.name, err, groups.asked)
		}
	}
	if n != 5 {
		t.Errorf("%d routes for administrators", n)
	}
}

func TestManyPeopleAreAskedForInParts(t *testing.T) {
	t.Parallel()
	ids := []uint64{0, 1, 1, 2}
	for id := uint64(10); id < 10+2*perCall; id++ {
		ids = append(ids, id, id)
	}
	users := &half{}
	who, err := people(as(t, 1), at(&half{}, users), ids...)
	if err != nil || fmt.Sprint(users.profiles) != "[200 200 2]" || who(1).Nickname != "N1" || who(10) != (types.Person{UserID: 10}) || who(0).Nickname != "" {
		t.Errorf("asked for %v, %v", users.profiles, err)
	}
	if _, err := people(as(t, 1), at(&half{}, away()), 0); err != nil {
		t.Errorf("for nobody user_rpc was asked: %v", err)
	}
}

func TestBadListsAskNobody(t *testing.T) {
	t.Parallel()
	long := make([]uint64, maxBatch+1)
	groups, users := &half{}, &half{}
	s := at(groups, users)
	for _, ids := range [][]uint64{nil, {}, long} {
		if _, err := NewDeleteGroupsLogic(as(t, 1), s).DeleteGroups(&types.DeleteGroupsRequest{IDList: ids}); !errors.Is(err, errs.Bad) {
			t.Errorf("groups %d: %v", len(ids), err)
		}
		if _, err := NewDeleteMessagesLogic(as(t, 1), s).DeleteMessages(&types.DeleteMessagesRequest{IDList: ids}); !errors.Is(err, errs.Bad) {
			t.Errorf("messages %d: %v", len(ids), err)
		}
	}
	if _, err := NewRequestsLogic(as(t, 1), s).Requests(&types.RequestsRequest{Flag: "x"}); !errors.Is(err, errs.Bad) {
		t.Errorf("flag: %v", err)
	}
	if len(groups.asked) != 0 {
		t.Errorf("asked %v", groups.asked)
	}
}

// refusing is a group_rpc that refuses group 6, and falls over at group 7.
type refusing struct{ half }

func (r *refusing) Invoke(ctx context.Context, method string, args, reply any, opts ...grpc.CallOption) error {
	switch args.(*group_rpc.DissolveRequest).GroupId {
	case 6:
		return errs.NoGroup
	case 7:
		return errs.Unavailable
	}
	return r.half.Invoke(ctx, method, args, reply, opts...)
}

func TestGroupsAreDissolvedEachByItself(t *testing.T) {
	t.Parallel()
	s := &svc.ServiceContext{Groups: group_rpc.NewGroupsClient(&refusing{}), Users: user_rpc.NewUserClient(&half{})}
	got, err := NewDeleteGroupsLogic(as(t, 1), s).DeleteGroups(&types.DeleteGroupsRequest{IDList: []uint64{5, 6, 8}})
	doc, _ := json.Marshal(got)
	if want := `{"deleted":2,"refused":[{"groupId":6,"code":50005,"msg":"no such group, or it was dissolved"}]}`; err != nil || string(doc) != want {
		t.Errorf("%s, error %v", doc, err)
	}
	if _, err := NewDeleteGroupsLogic(as(t, 1), s).DeleteGroups(&types.DeleteGroupsRequest{IDList: []uint64{5, 7, 8}}); !errors.Is(err, errs.Unavailable) {
		t.Errorf("what falls over: %v", err)
	}
}
