package logic

import (
	"context"
	"errors"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/tudoIM_auth/auth_rpc/auth"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
	"tudoIM/tudoIM_chat/chat_rpc/chat"
	"tudoIM/tudoIM_chat/chat_rpc/types/chat_rpc"
	"tudoIM/tudoIM_group/group_rpc/groups"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
	"tudoIM/tudoIM_user/user_api/internal/svc"
	"tudoIM/tudoIM_user/user_api/internal/types"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// office is a user_rpc that knows user 1 alone for an administrator. It keeps
// what it wrote down, and what it was asked to do.
type office struct {
	users
	act    string
	target uint64
	about  string
	late   int32
}

func (o *office) Judge(_ context.Context, in *user_rpc.JudgeRequest, _ ...grpc.CallOption) (*user_rpc.JudgeResponse, error) {
	o.act, o.target, o.about = in.Act, in.TargetId, in.About
	if in.OperatorId != 1 {
		return nil, errs.Forbidden
	}
	return &user_rpc.JudgeResponse{AuditId: 7}, nil
}

func (o *office) Judged(_ context.Context, in *user_rpc.JudgedRequest, _ ...grpc.CallOption) (*user_rpc.JudgedResponse, error) {
	o.late = in.Code
	return &user_rpc.JudgedResponse{}, nil
}

func (o *office) Curtail(_ context.Context, in *user_rpc.CurtailRequest, _ ...grpc.CallOption) (*user_rpc.CurtailResponse, error) {
	return answer[user_rpc.CurtailResponse](&o.users, in)
}

func (o *office) SetStatus(_ context.Context, in *user_rpc.SetStatusRequest, _ ...grpc.CallOption) (*user_rpc.SetStatusResponse, error) {
	return answer[user_rpc.SetStatusResponse](&o.users, in)
}

func (o *office) SetRole(_ context.Context, in *user_rpc.SetRoleRequest, _ ...grpc.CallOption) (*user_rpc.SetRoleResponse, error) {
	return answer[user_rpc.SetRoleResponse](&o.users, in)
}

func (o *office) Delete(_ context.Context, in *user_rpc.DeleteRequest, _ ...grpc.CallOption) (*user_rpc.DeleteResponse, error) {
	return answer[user_rpc.DeleteResponse](&o.users, in)
}

func (o *office) Accounts(_ context.Context, in *user_rpc.AccountsRequest, _ ...grpc.CallOption) (*user_rpc.AccountsResponse, error) {
	return answer[user_rpc.AccountsResponse](&o.users, in)
}

func (o *office) AccountOf(_ context.Context, in *user_rpc.UserIdRequest, _ ...grpc.CallOption) (*user_rpc.Account, error) {
	return answer[user_rpc.Account](&o.users, in)
}

func (o *office) Audits(_ context.Context, in *user_rpc.AuditsRequest, _ ...grpc.CallOption) (*user_rpc.AuditsResponse, error) {
	return answer[user_rpc.AuditsResponse](&o.users, in)
}

func (o *office) Profiles(context.Context, *user_rpc.ProfilesRequest, ...grpc.CallOption) (*user_rpc.ProfilesResponse, error) {
	return &user_rpc.ProfilesResponse{List: []*user_rpc.Profile{{UserId: 1, UserName: "boss"}}}, nil
}

// passwords is an auth_rpc that only resets them.
type passwords struct {
	auth.Auth
	users *users
}

func (p passwords) ResetPassword(_ context.Context, in *auth_rpc.ResetPasswordRequest, _ ...grpc.CallOption) (*auth_rpc.ResetPasswordResponse, error) {
	return answer[auth_rpc.ResetPasswordResponse](p.users, in)
}

// said and joined are halves that count, or are away.
type said struct {
	chat.Chat
	away bool
}

func (s said) Counts(_ context.Context, in *chat_rpc.CountsRequest, _ ...grpc.CallOption) (*chat_rpc.CountsResponse, error) {
	if s.away {
		return nil, errs.Unavailable
	}
	return &chat_rpc.CountsResponse{List: []*chat_rpc.Count{{UserId: in.UserIds[0], Conversations: 3, Sent: 4}}}, nil
}

type joined struct {
	groups.Groups
	away bool
}

func (j joined) Counts(_ context.Context, in *group_rpc.CountsRequest, _ ...grpc.CallOption) (*group_rpc.CountsResponse, error) {
	if j.away {
		return nil, errs.Unavailable
	}
	return &group_rpc.CountsResponse{List: []*group_rpc.Count{{UserId: in.UserIds[0], Owned: 1, Administered: 2, Joined: 5}}}, nil
}

func at(o *office, away bool) *svc.ServiceContext {
	return &svc.ServiceContext{Users: o, Auth: passwords{users: &o.users}, Chat: said{away: away}, Groups: joined{away: away}}
}

var adminRoutes = map[string]func(ctx context.Context, s *svc.ServiceContext) error{
	"curtail": func(ctx context.Context, s *svc.ServiceContext) error {
		return NewCurtailLogic(ctx, s).Curtail(&types.CurtailRequest{ID: 2, CurtailChat: new(true), CurtailAddUser: new(false), Until: new(int64(7))})
	},
	"disable": func(ctx context.Context, s *svc.ServiceContext) error {
		return NewSetStatusLogic(ctx, s).SetStatus(&types.SetStatusRequest{ID: 2, Disabled: true})
	},
	"role": func(ctx context.Context, s *svc.ServiceContext) error {
		return NewSetRoleLogic(ctx, s).SetRole(&types.SetRoleRequest{ID: 2, Role: 1})
	},
	"password": func(ctx context.Context, s *svc.ServiceContext) error {
		return NewResetPasswordLogic(ctx, s).ResetPassword(&types.ResetPasswordRequest{ID: 2, Password: "secret words"})
	},
	"delete": func(ctx context.Context, s *svc.ServiceContext) error {
		_, err := NewDeleteUsersLogic(ctx, s).DeleteUsers(&types.DeleteUsersRequest{IDList: []uint64{2}})
		return err
	},
	"list": func(ctx context.Context, s *svc.ServiceContext) error {
		_, err := NewAccountsLogic(ctx, s).Accounts(&types.AccountsRequest{Key: "k", Role: 1, Page: 2, Limit: 3})
		return err
	},
	"see": func(ctx context.Context, s *svc.ServiceContext) error {
		_, err := NewAccountLogic(ctx, s).Account(&types.AccountRequest{ID: 2})
		return err
	},
	"audit": func(ctx context.Context, s *svc.ServiceContext) error {
		_, err := NewAuditLogic(ctx, s).Audit(&types.AuditRequest{OperatorID: 3, TargetID: 2, Act: "a", RefusedOnly: true, Cursor: "9", Limit: 4})
		return err
	},
}

func TestAdminRoutes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		route  string
		answer proto.Message
		asked  proto.Message
		act    string
		target uint64
		about  string
	}{
		{"curtail", &user_rpc.CurtailResponse{}, &user_rpc.CurtailRequest{
			OperatorId: 1, UserId: 2, CurtailChat: new(true), CurtailAddUser: new(false), Until: new(int64(7)),
		}, "user.curtail", 2, "chat true, addUser false, until 7"},
		{"disable", &user_rpc.SetStatusResponse{}, &user_rpc.SetStatusRequest{OperatorId: 1, UserId: 2, Disabled: true}, "user.status", 2, "disabled true"},
		{"role", &user_rpc.SetRoleResponse{}, &user_rpc.SetRoleRequest{OperatorId: 1, UserId: 2, Role: 1}, "user.role", 2, "role 1"},
		{"password", &auth_rpc.ResetPasswordResponse{}, &auth_rpc.ResetPasswordRequest{OperatorId: 1, UserId: 2, Password: "secret words"}, "user.password", 2, ""},
		{"delete", &user_rpc.DeleteResponse{}, &user_rpc.DeleteRequest{OperatorId: 1, UserId: 2}, "user.delete", 2, ""},
		{"list", &user_rpc.AccountsResponse{}, &user_rpc.AccountsRequest{Key: "k", Role: 1, Page: 2, Limit: 3}, "user.list", 0, ""},
		{"see", &user_rpc.Account{Profile: &user_rpc.Profile{UserId: 2}}, &user_rpc.UserIdRequest{UserId: 2}, "user.see", 2, ""},
		{"audit", &user_rpc.AuditsResponse{}, &user_rpc.AuditsRequest{
			OperatorId: 3, TargetId: 2, Act: "a", RefusedOnly: true, BeforeId: 9, Limit: 4,
		}, "audit.read", 2, ""},
	} {
		me := func(user uint64) context.Context {
			// What a token says of the role counts for nothing.
			return token.With(t.Context(), token.Identity{UserID: user, Role: token.RoleAdmin})
		}
		o := &office{users: users{answer: c.answer}}
		if err := adminRoutes[c.route](me(1), at(o, false)); err != nil || !proto.Equal(o.asked, c.asked) || o.act != c.act || o.target != c.target || o.about != c.about {
			t.Errorf("%s: %v; asked %v; written down %s of %d: %q", c.route, err, o.asked, o.act, o.target, o.about)
		}
		o = &office{users: users{err: errs.Unavailable}}
		if err := adminRoutes[c.route](me(1), at(o, false)); !errors.Is(err, errs.Unavailable) || o.late != 10010 {
			t.Errorf("%s, what it needs is away: %v, written down %d", c.route, err, o.late)
		}
		for _, user := range []uint64{0, 2} {
			o = &office{users: users{answer: c.answer}}
			if err := adminRoutes[c.route](me(user), at(o, false)); !errors.Is(err, errs.Forbidden) || o.asked != nil {
				t.Errorf("%s by user %d: %v, asked %v", c.route, user, err, o.asked)
			}
		}
	}
}

func TestAccountsAreShownWithoutWhatNobodyCanCount(t *testing.T) {
	t.Parallel()
	ctx := token.With(t.Context(), token.Identity{UserID: 1})
	o := &office{users: users{answer: &user_rpc.Account{Profile: &user_rpc.Profile{UserId: 2, UserName: "ann"}, Role: 2, FriendCount: 6}}}
	full, err := NewAccountLogic(ctx, at(o, false)).Account(&types.AccountRequest{ID: 2})
	if err != nil || *full.GroupCount != 5 || *full.GroupOwnerCount != 1 || *full.GroupAdminCount != 2 || *full.SessionCount != 3 || *full.SendMsgCount != 4 {
		t.Errorf("%+v, %v", full, err)
	}
	part, err := NewAccountLogic(ctx, at(o, true)).Account(&types.AccountRequest{ID: 2})
	if err != nil || part.UserName != "ann" || part.FriendCount != 6 || part.GroupCount != nil || part.SendMsgCount != nil {
		t.Errorf("%+v, %v", part, err)
	}
}

func TestAccountsAreDeletedEachByItself(t *testing.T) {
	t.Parallel()
	ctx := token.With(t.Context(), token.Identity{UserID: 1, Lang: "en"})
	o := &office{users: users{err: errs.OwnsGroups}}
	got, err := NewDeleteUsersLogic(ctx, at(o, false)).DeleteUsers(&types.DeleteUsersRequest{IDList: []uint64{2, 3}})
	if err != nil || got.Deleted != 0 || len(got.Refused) != 2 || got.Refused[1].UserID != 3 || got.Refused[1].Code != 20060 || got.Refused[1].Msg == "" || o.late != 20060 {
		t.Errorf("%+v, %v, written down %d", got, err, o.late)
	}
	for name, ids := range map[string][]uint64{"none": nil, "too many": make([]uint64, 101)} {
		if _, err := NewDeleteUsersLogic(ctx, at(o, false)).DeleteUsers(&types.DeleteUsersRequest{IDList: ids}); !errors.Is(err, errs.Bad) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAuditIsRead(t *testing.T) {
	t.Parallel()
	ctx := token.With(t.Context(), token.Identity{UserID: 1})
	o := &office{users: users{answer: &user_rpc.AuditsResponse{HasMore: true, List: []*user_rpc.Audit{{Id: 9, OperatorId: 1, Act: "a"}, {Id: 8}}}}}
	got, err := NewAuditLogic(ctx, at(o, false)).Audit(&types.AuditRequest{})
	if err != nil || len(got.List) != 2 || got.List[0].OperatorName != "boss" || got.Next != "8" || !got.HasMore {
		t.Errorf("%+v, %v", got, err)
	}
	for _, cursor := range []string{"0", "-1", "x", "18446744073709551616"} {
		if _, err := NewAuditLogic(ctx, at(o, false)).Audit(&types.AuditRequest{Cursor: cursor}); !errors.Is(err, errs.Bad) {
			t.Errorf("cursor %s: %v", cursor, err)
		}
	}
}
