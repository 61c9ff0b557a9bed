package svc

import (
	"context"

	"google.golang.org/grpc"

	"tudoIM/core/registry"
	"tudoIM/core/run"
	"tudoIM/tudoIM_group/group_api/internal/config"
	"tudoIM/tudoIM_group/group_rpc/groups"
	"tudoIM/tudoIM_user/user_rpc/user"
)

// ServiceContext lists what the logics share; it is built once, by app.New.
type ServiceContext struct {
	Config config.Config
	Groups groups.Groups
	Users  user.User
}

// NewServiceContext opens what the half needs without waiting for any of it.
func NewServiceContext(c config.Config) (*ServiceContext, error) {
	group, err := run.Client(c.Half, "group_rpc", inOrder)
	if err != nil {
		return nil, err
	}
	users, err := run.Client(c.Half, "user_rpc")
	if err != nil {
		return nil, err
	}
	return &ServiceContext{Config: c, Groups: groups.NewGroups(group), Users: user.NewUser(users)}, nil
}

// inOrder makes what is done to a group go the way that its messages go, so
// that what tells of it comes in order with them. Requests, links and notices
// do not say whose they are: where there are several group_rpc, what tells of
// them may come before a message that it follows, and devices see the gap.
func inOrder(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn, call grpc.UnaryInvoker, opts ...grpc.CallOption) error {
	if of, ok := req.(interface{ GetGroupId() uint64 }); ok {
		ctx = registry.WithLane(ctx, registry.Lane(0, of.GetGroupId()))
	}
	return call(ctx, method, req, reply, cc, opts...)
}
