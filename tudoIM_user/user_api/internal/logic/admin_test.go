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
	"tudoIM/tudoIM_user/user_api/internal/svc"
	"tudoIM/tudoIM_user/user_api/internal/types"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

func (u *users) Curtail(_ context.Context, in *user_rpc.CurtailRequest, _ ...grpc.CallOption) (*user_rpc.CurtailResponse, error) {
	return answer[user_rpc.CurtailResponse](u, in)
}

func (u *users) SetStatus(_ context.Context, in *user_rpc.SetStatusRequest, _ ...grpc.CallOption) (*user_rpc.SetStatusResponse, error) {
	return answer[user_rpc.SetStatusResponse](u, in)
}

// sessions is an auth_rpc that ends sessions and keeps whose.
type sessions struct {
	auth.Auth
	err   error
	ended *auth_rpc.LogoutRequest
}

func (s *sessions) Logout(_ context.Context, in *auth_rpc.LogoutRequest, _ ...grpc.CallOption) (*auth_rpc.LogoutResponse, error) {
	s.ended = in
	return &auth_rpc.LogoutResponse{}, s.err
}

var adminRoutes = map[string]func(ctx context.Context, s *svc.ServiceContext) error{
	"curtail": func(ctx context.Context, s *svc.ServiceContext) error {
		return NewCurtailLogic(ctx, s).Curtail(&types.CurtailRequest{ID: 2, CurtailChat: new(true), CurtailAddUser: new(false), Until: new(int64(7))})
	},
	"disable": func(ctx context.Context, s *svc.ServiceContext) error {
		return NewSetStatusLogic(ctx, s).SetStatus(&types.SetStatusRequest{ID: 2, Disabled: true})
	},
	"enable": func(ctx context.Context, s *svc.ServiceContext) error {
		return NewSetStatusLogic(ctx, s).SetStatus(&types.SetStatusRequest{ID: 2})
	},
}

func TestAdminRoutes(t *testing.T) {
	t.Parallel()
	everything := &auth_rpc.LogoutRequest{UserId: 2, All: true}
	for _, c := range []struct {
		route        string
		answer       proto.Message
		err, authErr error
		asked        proto.Message
		ended        *auth_rpc.LogoutRequest
		want         error
	}{
		{"curtail", &user_rpc.CurtailResponse{}, nil, nil, &user_rpc.CurtailRequest{
			OperatorId: 1, UserId: 2, CurtailChat: new(true), CurtailAddUser: new(false), Until: new(int64(7)),
		}, nil, nil},
		{"curtail", nil, errs.Self, nil, nil, nil, errs.Self},
		{"disable", &user_rpc.SetStatusResponse{}, nil, nil, &user_rpc.SetStatusRequest{OperatorId: 1, UserId: 2, Disabled: true}, everything, nil},
		{"disable", nil, errs.NotFound, nil, nil, nil, errs.NotFound},
		{"disable", &user_rpc.SetStatusResponse{}, nil, errs.Unavailable, nil, everything, errs.Unavailable},
		{"enable", &user_rpc.SetStatusResponse{}, nil, errs.Unavailable, &user_rpc.SetStatusRequest{OperatorId: 1, UserId: 2}, nil, nil},
	} {
		u, a := &users{answer: c.answer, err: c.err}, &sessions{err: c.authErr}
		ctx := token.With(t.Context(), token.Identity{UserID: 1, Role: roleAdmin})
		if err := adminRoutes[c.route](ctx, &svc.ServiceContext{Users: u, Auth: a}); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.route, err, c.want)
		}
		if c.asked != nil && !proto.Equal(u.asked, c.asked) {
			t.Errorf("%s: asked %v, want %v", c.route, u.asked, c.asked)
		}
		if !proto.Equal(a.ended, c.ended) {
			t.Errorf("%s: ended %v, want %v", c.route, a.ended, c.ended)
		}
	}
}

func TestOnlyAdministratorsReachTheRPC(t *testing.T) {
	t.Parallel()
	for route, call := range adminRoutes {
		for _, role := range []int{0, 2, -1} {
			u, a := &users{}, &sessions{}
			ctx := token.With(t.Context(), token.Identity{UserID: 1, Role: role})
			if err := call(ctx, &svc.ServiceContext{Users: u, Auth: a}); !errors.Is(err, errs.Forbidden) || u.asked != nil || a.ended != nil {
				t.Errorf("%s as role %d: %v, asked %v, ended %v", route, role, err, u.asked, a.ended)
			}
		}
	}
}
