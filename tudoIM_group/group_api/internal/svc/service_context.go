package svc

import (
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
	group, err := run.Client(c.Half, "group_rpc")
	if err != nil {
		return nil, err
	}
	users, err := run.Client(c.Half, "user_rpc")
	if err != nil {
		return nil, err
	}
	return &ServiceContext{Config: c, Groups: groups.NewGroups(group), Users: user.NewUser(users)}, nil
}
