package logic

import (
	"context"

	"github.com/zeromicro/go-zero/core/logx"

	"tudoIM/common/errs"
	"tudoIM/common/msglog"
	"tudoIM/tudoIM_chat/chat_rpc/types/chat_rpc"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
	"tudoIM/tudoIM_user/user_rpc/internal/model"
	"tudoIM/tudoIM_user/user_rpc/internal/svc"
)

// settleSender tells both halves whether the user of a may send, and answers
// errs.Unavailable if one was not told.
func settleSender(ctx context.Context, s *svc.ServiceContext, a *model.Account) error {
	chat, group := pushSender(ctx, s, a, model.ChatHalf), pushSender(ctx, s, a, model.GroupHalf)
	if chat != nil {
		return chat
	}
	return group
}

// pushSender tells h whether the user of a may send, unless it knows, and
// answers errs.Unavailable if that failed.
func pushSender(ctx context.Context, s *svc.ServiceContext, a *model.Account, h model.Half) error {
	if a.Knows(h) {
		return nil
	}
	if err := setSender(ctx, s, h, a.Sender(h)); err != nil {
		logx.WithContext(ctx).Errorf("%s of sender %d: %v", h, a.User.ID, err)
		return errs.Unavailable
	}
	if err := s.Users.Synced(ctx, a, h); err != nil {
		logx.WithContext(ctx).Errorf("the sweep will repeat it: %v", err) // which changes nothing
	}
	return nil
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

// sweepSenders tells h of a batch of users above after and returns where the
// next one begins, as sweep does for pairs.
func sweepSenders(ctx context.Context, s *svc.ServiceContext, h model.Half, after uint64) uint64 {
	list, err := s.Users.Unsynced(ctx, h, after, sweepBatch)
	if err != nil {
		logx.Errorf("sweep of senders: %v", err)
		return after
	}
	for _, a := range list {
		if err := pushSender(ctx, s, a, h); err != nil {
			return a.User.ID
		}
		after = a.User.ID
	}
	if len(list) < sweepBatch {
		return 0 // the end: begin again
	}
	return after
}
