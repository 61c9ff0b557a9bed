package logic

import (
	"context"
	"time"

	"github.com/zeromicro/go-zero/core/logx"

	"tudoIM/common/errs"
	"tudoIM/tudoIM_chat/chat_rpc/types/chat_rpc"
	"tudoIM/tudoIM_user/user_rpc/internal/model"
	"tudoIM/tudoIM_user/user_rpc/internal/svc"
)

const (
	sweepEvery = 2 * time.Second
	sweepBatch = 100
)

// settle makes what out says known: to chat_rpc, without which the call has
// failed and is to be repeated, and to the users' devices, whether or not.
func settle(ctx context.Context, s *svc.ServiceContext, out *model.Outcome) error {
	err := pushRights(ctx, s, out.Pair)
	tell(ctx, s, out) // not before: who hears of a friend writes at once
	return err
}

// pushRights tells chat_rpc who of the pair may send to the other, unless it
// knows, and answers errs.Unavailable if that failed.
func pushRights(ctx context.Context, s *svc.ServiceContext, f *model.FriendModel) error {
	if f.RightsSynced {
		return nil
	}
	_, err := s.Chat.SetRights(ctx, &chat_rpc.SetRightsRequest{
		UserId: f.LowUserID, PeerId: f.HighUserID,
		UserRefusal: f.Refusal(f.LowUserID), PeerRefusal: f.Refusal(f.HighUserID),
		UserBlocked: f.Blocked(f.LowUserID), PeerBlocked: f.Blocked(f.HighUserID),
		Version: f.RightsVer,
	})
	if err != nil {
		logx.WithContext(ctx).Errorf("rights of %d and %d: %v", f.LowUserID, f.HighUserID, err)
		return errs.Unavailable
	}
	if err := s.Friends.Synced(ctx, f); err != nil {
		logx.WithContext(ctx).Errorf("the sweep will repeat it: %v", err) // which changes nothing
	}
	return nil
}

// SweepRights repeats what the other halves were not told, until ctx ends.
func SweepRights(ctx context.Context, s *svc.ServiceContext) {
	t := time.NewTicker(sweepEvery)
	defer t.Stop()
	var after uint64
	known := map[model.Half]uint64{}
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			after = sweep(ctx, s, after)
			for _, h := range model.Halves {
				known[h] = sweepAccounts(ctx, s, h, known[h])
			}
		}
	}
}

// sweep tells chat_rpc of a batch of pairs above after and returns where the
// next one begins. It stops at a pair that fails, and goes on behind it, so
// that one bad pair keeps no other waiting.
func sweep(ctx context.Context, s *svc.ServiceContext, after uint64) uint64 {
	list, err := s.Friends.Unsynced(ctx, after, sweepBatch)
	if err != nil {
		logx.Errorf("sweep of rights: %v", err)
		return after
	}
	for _, f := range list {
		if err := pushRights(ctx, s, f); err != nil {
			return f.ID
		}
		after = f.ID
	}
	if len(list) < sweepBatch {
		return 0 // the end: begin again
	}
	return after
}
