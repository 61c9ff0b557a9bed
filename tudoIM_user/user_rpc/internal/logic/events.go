package logic

import (
	"context"
	"fmt"
	"slices"
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
		Avatar   *string `json:"avatar,omitempty"`
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

// tellUpdated rings at the devices of user and of all friends, and at the nodes
// that remember what the user looks like.
func tellUpdated(ctx context.Context, s *svc.ServiceContext, user uint64, c model.Changes) {
	ctx, cancel := bell(ctx)
	defer cancel()
	err := publish(ctx, s, event.Pair, nil, user)
	var hearers []uint64
	if err == nil {
		hearers, err = s.Friends.IDs(ctx, user)
	}
	if err == nil {
		err = publish(ctx, s, event.UserUpdated, updatedEvent{user, c.Nickname, c.Abstract, c.Avatar}, append(hearers, user)...)
	}
	if err != nil {
		logx.WithContext(ctx).Errorf("user %d changed, but not told: %v", user, err)
	}
}

// tellConf rings at the user's own devices with what changed of c, and tells
// the nodes who watch the user if that is one who comes or goes by it.
func tellConf(ctx context.Context, s *svc.ServiceContext, c *model.UserConfModel, changed []string) {
	if len(changed) == 0 {
		return
	}
	ctx, cancel := bell(ctx)
	defer cancel()
	data, err := confJSON(c, changed)
	if err == nil {
		err = publish(ctx, s, event.ConfUpdated, data, c.UserID)
	}
	if err == nil && slices.Contains(changed, "showOnline") {
		err = publish(ctx, s, event.Pair, nil, c.UserID)
	}
	if err != nil {
		logx.WithContext(ctx).Errorf("settings of user %d changed, but not told: %v", c.UserID, err)
	}
}

// tellGone tells the friends of an account that was closed.
func tellGone(ctx context.Context, s *svc.ServiceContext, user uint64) {
	ctx, cancel := bell(ctx)
	defer cancel()
	hearers, err := s.Friends.IDs(ctx, user)
	if err == nil && len(hearers) > 0 {
		err = publish(ctx, s, event.FriendDeleted, friendDeletedEvent{user}, hearers...)
	}
	if err != nil {
		logx.WithContext(ctx).Errorf("user %d is gone, but not told: %v", user, err)
	}
}

func publish(ctx context.Context, s *svc.ServiceContext, name string, data any, users ...uint64) error {
	e, err := event.New(name, data, users...)
	if err != nil {
		return err
	}
	return s.Bus.Publish(ctx, e)
}

// confJSON are the settings named in changed, as clients get them; of a
// question, like everywhere, not the answers.
func confJSON(c *model.UserConfModel, changed []string) (map[string]any, error) {
	all := map[string]any{
		"recallMessage": c.RecallMessage, "friendOnline": c.FriendOnline, "sound": c.Sound, "secureLink": c.SecureLink, "savePwd": c.SavePwd,
		"searchUser": c.SearchUser, "verification": c.Verification, "showOnline": c.ShowOnline, "readReceipt": c.ReadReceipt, "language": c.Language,
		"verificationQuestion": questionItem{Problem1: c.Question.Problem1, Problem2: c.Question.Problem2, Problem3: c.Question.Problem3},
	}
	data := map[string]any{}
	for _, name := range changed {
		v, ok := all[name]
		if !ok {
			return nil, fmt.Errorf("setting %s has no form for clients", name)
		}
		data[name] = v
	}
	return data, nil
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
