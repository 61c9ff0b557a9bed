package logic

import (
	"context"

	"github.com/zeromicro/go-zero/core/logx"

	"tudoIM/common/event"
	"tudoIM/common/wire"
	"tudoIM/tudoIM_group/group_rpc/types/group_rpc"
	"tudoIM/tudoIM_user/user_rpc/internal/model"
	"tudoIM/tudoIM_user/user_rpc/internal/svc"
)

// What follows is the data of events as clients get it.
type (
	friendDeletedEvent struct {
		UserID uint64 `json:"userId"`
	}
	friendUpdatedEvent struct {
		Friend   friendItem `json:"friend"`
		IsFriend bool       `json:"isFriend"`
		IsBlack  bool       `json:"isBlack"`
	}
)

// visible returns target and what is between the two, or errs.NotFound if
// user is not to know of such an account.
func visible(ctx context.Context, s *svc.ServiceContext, user, target uint64) (*model.UserModel, *model.FriendModel, error) {
	u, err := s.Users.ByID(ctx, target)
	if err != nil {
		return nil, nil, err
	}
	pair, err := s.Friends.Pair(ctx, user, target)
	if err != nil || user == target {
		return u, pair, err
	}
	return u, pair, s.Friends.MaySee(ctx, pair, target)
}

// inGroup reports whether a group lets the two write to each other though
// they are not friends; not, as far as a card shows it, while group_rpc is away.
func inGroup(ctx context.Context, s *svc.ServiceContext, user, target uint64) bool {
	r, err := s.Groups.Together(ctx, &group_rpc.TogetherRequest{UserId: user, PeerIds: []uint64{target}})
	if err != nil {
		logx.WithContext(ctx).Errorf("whether %d and %d may chat is not shown: %v", user, target, err)
		return false
	}
	return len(r.PeerIds) > 0
}

// settlePair makes a change of f known: to chat_rpc, without which the call
// has failed and is to be repeated, and to devices, whether or not. Nodes that
// hold sockets are to forget what one of the two might see of the other.
func settlePair(ctx context.Context, s *svc.ServiceContext, f *model.FriendModel, events func(ctx context.Context) ([]*wire.Event, error)) error {
	rights := !f.RightsSynced
	err := pushRights(ctx, s, f)
	bell, cancel := bell(ctx)
	defer cancel()
	list, failed := events(bell)
	if failed == nil && rights {
		var e *wire.Event
		e, failed = event.New(event.Pair, nil, f.LowUserID, f.HighUserID)
		list = append(list, e)
	}
	if failed == nil {
		failed = s.Bus.Publish(bell, list...)
	}
	if failed != nil {
		logx.WithContext(ctx).Errorf("pair %d changed, but not told: %v", f.ID, failed)
	}
	return err
}

// parted tells each of f that the other is no friend any more.
func parted(f *model.FriendModel) ([]*wire.Event, error) {
	var events []*wire.Event
	for _, user := range []uint64{f.LowUserID, f.HighUserID} {
		e, err := event.New(event.FriendDeleted, friendDeletedEvent{f.Peer(user)}, user)
		if err != nil {
			return nil, err
		}
		events = append(events, e)
	}
	return events, nil
}

// updated tells user's own devices what user has changed about the other.
func updated(ctx context.Context, s *svc.ServiceContext, f *model.FriendModel, user uint64) ([]*wire.Event, error) {
	seen, err := friends(ctx, s, user, f)
	if err != nil {
		return nil, err
	}
	e, err := event.New(event.FriendUpdated, friendUpdatedEvent{friendJSON(seen[0]), f.IsFriend, f.Of(user).Blocks}, user)
	return []*wire.Event{e}, err
}

// settleOwn is settlePair for what only user's own devices are told, if
// anything changed.
func settleOwn(ctx context.Context, s *svc.ServiceContext, f *model.FriendModel, user uint64, changed bool) error {
	return settlePair(ctx, s, f, func(ctx context.Context) ([]*wire.Event, error) {
		if !changed {
			return nil, nil
		}
		return updated(ctx, s, f, user)
	})
}
