package logic

import (
	"cmp"
	"context"

	"github.com/zeromicro/go-zero/core/logx"

	"tudoIM/common/errs"
	"tudoIM/common/msglog"
	"tudoIM/tudoIM_auth/auth_rpc/types/auth_rpc"
	"tudoIM/tudoIM_chat/chat_rpc/types/chat_rpc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
	"tudoIM/tudoIM_user/user_rpc/internal/model"
	"tudoIM/tudoIM_user/user_rpc/internal/svc"
)

// settleAccount tells the halves what they are to know of a, and answers
// errs.Unavailable if one was not told.
func settleAccount(ctx context.Context, s *svc.ServiceContext, a *model.Account) (err error) {
	for _, h := range model.Halves {
		err = cmp.Or(err, pushAccount(ctx, s, a, h))
	}
	return err
}

// pushAccount tells h what it is to know of a, unless it does, and answers
// errs.Unavailable if that failed.
func pushAccount(ctx context.Context, s *svc.ServiceContext, a *model.Account, h model.Half) error {
	if a.Knows(h) {
		return nil
	}
	if err := tellHalf(ctx, s, a, h); err != nil {
		logx.WithContext(ctx).Errorf("%s of user %d: %v", h, a.User.ID, err)
		return errs.Unavailable
	}
	if err := s.Users.Synced(ctx, a, h); err != nil {
		logx.WithContext(ctx).Errorf("the sweep will repeat it: %v", err) // which changes nothing
	}
	return nil
}

func tellHalf(ctx context.Context, s *svc.ServiceContext, a *model.Account, h model.Half) error {
	if h != model.AuthHalf {
		return setSender(ctx, s, h, a.Sender(h))
	}
	_, err := s.Auth.EndSessions(ctx, &auth_rpc.EndSessionsRequest{
		UserId: a.User.ID, AuthVer: a.User.AuthVer, KeepSessionId: a.User.KeepSession, Reason: a.User.AuthReason,
	})
	return err
}

func setSender(ctx context.Context, s *svc.ServiceContext, h model.Half, is msglog.SenderState) (err error) {
	if h == model.ChatHalf {
		_, err = s.Chat.SetSender(ctx, &chat_rpc.SetSenderRequest{
			UserId: is.UserID, Refusal: is.Code, Until: is.Until, Gone: is.Gone, NoReceipts: is.NoReceipts, Version: is.Version,
		})
		return err
	}
	_, err = s.Groups.SetSender(ctx, &group_rpc.SetSenderRequest{
		UserId: is.UserID, Refusal: is.Code, Until: is.Until, Gone: is.Gone, Version: is.Version,
	})
	return err
}

// sweepAccounts tells h of a batch of users above after and returns where the
// next one begins, as sweep does for pairs.
func sweepAccounts(ctx context.Context, s *svc.ServiceContext, h model.Half, after uint64) uint64 {
	list, err := s.Users.Unsynced(ctx, h, after, sweepBatch)
	if err != nil {
		logx.Errorf("sweep of accounts: %v", err)
		return after
	}
	for _, a := range list {
		if err := pushAccount(ctx, s, a, h); err != nil {
			return a.User.ID
		}
		after = a.User.ID
	}
	if len(list) < sweepBatch {
		return 0 // the end: begin again
	}
	return after
}
