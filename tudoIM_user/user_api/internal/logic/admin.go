package logic

import (
	"context"

	"tudoIM/common/errs"
	"tudoIM/common/token"
)

// roleAdmin is the role of administrators.
const roleAdmin = 1

// administrator returns who asks, or errs.Forbidden if that is no
// administrator. user_rpc asks its own table as well: a token keeps the role
// of the login.
func administrator(ctx context.Context) (uint64, error) {
	me := token.From(ctx)
	if me.Role != roleAdmin {
		return 0, errs.Forbidden
	}
	return me.UserID, nil
}
