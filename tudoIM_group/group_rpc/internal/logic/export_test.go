package logic

import (
	"testing"

	"tudoIM/core/db"
	"tudoIM/tudoIM_group/group_rpc/internal/svc"
	"tudoIM/tudoIM_user/user_rpc/user"
)

// NewContext is what the half works with, on d and with a user_rpc.
func NewContext(t *testing.T, d *db.DB, u user.User) *svc.ServiceContext {
	t.Helper()
	s := newContext(t, d, users{})
	s.Users = u
	return s
}
