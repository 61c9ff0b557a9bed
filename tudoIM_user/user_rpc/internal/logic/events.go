package logic

import (
	"context"
	"time"

	"github.com/zeromicro/go-zero/core/logx"

	"tudoIM/common/event"
	"tudoIM/common/wire"
	"tudoIM/tudoIM_user/user_rpc/internal/model"
	"tudoIM/tudoIM_user/user_rpc/internal/svc"
	"tudoIM/tudoIM_user/user_rpc/types/user_rpc"
)

// What follows is the data of events as clients get it.
type (
	requestEvent struct {
		Verify       requestItem `json:"verify"`
		PendingCount int64       `json:"pendingCount"`
	}
	requestItem struct {
		ID                   uint64       `json:"id"`
		UserID               uint64       `json:"userId"`
		Nickname             string       `json:"nickname"`
		Avatar               string       `json:"avatar"`
		AdditionalMessages   string       `json:"additionalMessages"`
		VerificationQuestion questionItem `json:"verificationQuestion"`
		Status               int32        `json:"status"`
		Flag                 string       `json:"flag"`
		CreatedAt            int64        `json:"createdAt"`
	}
	questionItem struct {
		Problem1 string `json:"problem1"`
		Problem2 string `json:"problem2"`
		Problem3 string `json:"problem3"`
		Answer1  string `json:"answer1,omitempty"`
		Answer2  string `json:"answer2,omitempty"`
		Answer3  string `json:"answer3,omitempty"`
	}
	friendEvent struct {
		Friend friendItem `json:"friend"`
	}
	friendItem struct {
		UserID   uint64 `json:"userId"`
		Nickname string `json:"nickname"`
		Abstract string `json:"abstract"`
		Avatar   string `json:"avatar"`
		Notice   string `json:"notice"`
		IsOnline bool   `json:"isOnline"`
		IsTop    bool   `json:"isTop"`
		Ver      uint64 `json:"ver"`
	}
	updatedEvent struct {
		UserID   uint64  `json:"userId"`
		Nickname *string `json:"nickname,omitempty"`
		Abstract *string `json:"abstract,omitempty"`
	}
)

// bellWait bounds how long a caller waits for the bus.
const bellWait = 500 * time.Millisecond

// bell is the time for telling what is committed, also when the caller's own
// is used up.
func bell(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), bellWait)
}

// tell rings at both sides' devices for what is new in out. It is committed
// already, so a bus that is away only makes them learn later.
func tell(ctx context.Context, s *svc.ServiceContext, out *model.Outcome) {
	if out.News == model.Nothing {
		return
	}
	ctx, cancel := bell(ctx)
	defer cancel()
	events, err := eventsOf(ctx, s, out)
	if err == nil {
		err = s.Bus.Publish(ctx, events...)
	}
	if err != nil {
		logx.WithContext(ctx).Errorf("request %d changed, but not told: %v", out.Verify.ID, err)
	}
}

func eventsOf(ctx context.Context, s *svc.ServiceContext, out *model.Outcome) ([]*wire.Event, error) {
	v := out.Verify
	users, err := s.Users.ByIDs(ctx, v.SendUserID, v.RevUserID)
	if err != nil {
		return nil, err
	}
	var events []*wire.Event
	name, hearers := about(out)
	for _, user := range hearers {
		waiting, err := s.Friends.Pending(ctx, user)
		if err != nil {
			return nil, err
		}
		e, err := event.New(name, requestEvent{requestJSON(item(v, user, users[v.Peer(user)])), waiting}, user)
		if err != nil {
			return nil, err
		}
		events = append(events, e)
	}
	if !out.Pair.IsFriend || out.News == model.Private {
		return events, nil
	}
	for _, user := range []uint64{v.SendUserID, v.RevUserID} {
		made, err := friends(ctx, s, user, out.Pair)
		if err != nil {
			return nil, err
		}
		e, err := event.New(event.FriendAdded, friendEvent{friendJSON(made[0])}, user)
		if err != nil {
			return nil, err
		}
		events = append(events, e)
	}
	return events, nil
}

// about tells which event of the request itself goes to whom.
func about(out *model.Outcome) (name string, hearers []uint64) {
	both := []uint64{out.Verify.SendUserID, out.Verify.RevUserID}
	switch out.News {
	case model.Requested:
		return event.FriendRequest, both
	case model.Decided:
		return event.FriendHandled, both
	case model.Private:
		return event.FriendHandled, []uint64{out.By}
	}
	return "", nil
}

// tellUpdated rings at the other devices of user.
func tellUpdated(ctx context.Context, s *svc.ServiceContext, user uint64, c model.Changes) {
	ctx, cancel := bell(ctx)
	defer cancel()
	e, err := event.New(event.UserUpdated, updatedEvent{user, c.Nickname, c.Abstract}, user)
	if err == nil {
		err = s.Bus.Publish(ctx, e)
	}
	if err != nil {
		logx.WithContext(ctx).Errorf("user %d changed, but not told: %v", user, err)
	}
}

func requestJSON(i *user_rpc.FriendRequestItem) requestItem {
	q := i.Question
	return requestItem{
		ID: i.Id, UserID: i.Profile.UserId, Nickname: i.Profile.Nickname, Avatar: i.Profile.Avatar,
		AdditionalMessages: i.AdditionalMessages,
		VerificationQuestion: questionItem{
			Problem1: q.Problem1, Problem2: q.Problem2, Problem3: q.Problem3,
			Answer1: q.Answer1, Answer2: q.Answer2, Answer3: q.Answer3,
		},
		Status: i.Status, Flag: i.Flag, CreatedAt: i.CreatedAt,
	}
}

func friendJSON(f *user_rpc.Friend) friendItem {
	p := f.Profile
	return friendItem{
		UserID: p.UserId, Nickname: p.Nickname, Abstract: p.Abstract, Avatar: p.Avatar,
		Notice: f.Notice, IsOnline: f.IsOnline, IsTop: f.IsTop, Ver: f.Ver,
	}
}
