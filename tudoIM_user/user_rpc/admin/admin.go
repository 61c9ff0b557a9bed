// Package admin is how api halves let administrators act: whoever asks is
// judged by the account as it is now, not by the token, and what is done or
// refused is written down where no API changes it.
package admin

import (
	"context"
	"time"

	"github.com/zeromicro/go-zero/core/logx"

	"tudoIM/common/errs"
	"tudoIM/common/token"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
	"tudoIM/tudoIM_user/user_rpc/user"
)

// lateWait bounds how long a refusal that came late waits to be written down.
const lateWait = time.Second

// Act does what only administrators may, on behalf of who asks in ctx, after
// it was written down: act names it ("user.curtail"), target is the user,
// group, message or file it is done with (0 is none), about says how, without
// secrets. It answers errs.Forbidden to others, errs.Unavailable when nobody
// can tell; a refusal by do is added to what was written.
func Act(ctx context.Context, users user.User, act string, target uint64, about string, do func(me uint64) error) error {
	me := token.From(ctx)
	if me.UserID == 0 {
		return errs.Forbidden
	}
	judged, err := users.Judge(ctx, &user_rpc.JudgeRequest{
		OperatorId: me.UserID, Act: act, TargetId: target, About: about, Ip: me.ClientIP,
	})
	if err != nil {
		return err
	}
	if err = do(me.UserID); err == nil {
		return nil
	}
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), lateWait)
	defer cancel()
	code := int32(errs.From(errs.FromGRPC(err)).Code) // #nosec G115 -- a code has five digits
	if _, failed := users.Judged(late, &user_rpc.JudgedRequest{AuditId: judged.AuditId, Code: code}); failed != nil {
		logx.WithContext(ctx).Errorf("audit %d: %s by %d ended with %d, which is not written down: %v", judged.AuditId, act, me.UserID, code, failed)
	}
	return err
}
