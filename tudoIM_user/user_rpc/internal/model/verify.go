package model

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"gorm.io/gorm"

	"tudoIM/common/errs"
	"tudoIM/common/model"
)

// How requests stand and what they ask is the same for friends and groups.
type (
	Question       = model.Question
	QuestionChange = model.QuestionChange
)

const (
	RequestPending  = model.RequestPending
	RequestAccepted = model.RequestAccepted
	RequestRefused  = model.RequestRefused
	RequestIgnored  = model.RequestIgnored
	RequestDeleted  = model.RequestDeleted

	VerifyNobody  = model.VerifyNobody
	VerifyAnybody = model.VerifyAnybody
	VerifyMessage = model.VerifyMessage
	VerifyAnswers = model.VerifyAnswers
	VerifyRight   = model.VerifyRight
)

// FriendVerifyModel is a request for friendship.
type FriendVerifyModel struct {
	model.Base
	SendUserID uint64
	RevUserID  uint64
	// Its OpenKey names the pair, so a pair has one open request.
	model.Request
	AdditionalMessages string
	Question           Question `gorm:"embedded"`
	// SendNotice is the name the sender will give the friend.
	SendNotice string
	Source     string
}

// NewRequest returns what a asks of the user whose settings are theirs, at now.
func NewRequest(a Ask, theirs *UserConfModel, now time.Time) *FriendVerifyModel {
	v := &FriendVerifyModel{SendUserID: a.From, RevUserID: a.To, Source: a.Source}
	v.OpenKey = openKey(a.From, a.To)
	v.say(a, theirs)
	v.CreatedAt = now.UnixMilli()
	return v
}

// say puts what a says into v.
func (v *FriendVerifyModel) say(a Ask, theirs *UserConfModel) {
	v.AdditionalMessages, v.SendNotice, v.Question = a.Verify, a.Notice, Question{}
	if theirs.Verification == VerifyAnswers || theirs.Verification == VerifyRight {
		v.Question = theirs.Question.Answered(a.Question)
	}
}

// Flag is "send" or "rev", as user sees the request.
func (v *FriendVerifyModel) Flag(user uint64) string {
	if user == v.SendUserID {
		return "send"
	}
	return "rev"
}

// Status is the request's state as user sees it.
func (v *FriendVerifyModel) Status(user uint64) int32 {
	if user == v.SendUserID {
		return v.SendStatus
	}
	return v.RevStatus
}

// Peer returns the other side.
func (v *FriendVerifyModel) Peer(user uint64) uint64 {
	if user == v.SendUserID {
		return v.RevUserID
	}
	return v.SendUserID
}

// Shown is the question as user may see it: answers are the receiver's to judge.
func (v *FriendVerifyModel) Shown(user uint64) Question {
	if user == v.RevUserID {
		return v.Question
	}
	return v.Question.Answered(Question{})
}

// Handle moves the request to status for user at now and reports whether that
// changed anything, or why user may not. Accepting twice and deleting twice
// is allowed.
func (v *FriendVerifyModel) Handle(user uint64, status int32, now time.Time) (changed bool, err error) {
	switch {
	case status < RequestAccepted || status > RequestDeleted:
		return false, errs.BadArgument("status")
	case user != v.SendUserID && user != v.RevUserID:
		return false, errs.NotYours
	case status == RequestDeleted:
		return v.Remove(user == v.SendUserID), nil
	case user != v.RevUserID:
		return false, errs.NotYours
	}
	return v.Decide(status, now, errs.Handled)
}

// Renew brings an open request that a side has deleted back, with what a
// says now; it reports whether the receiver has to be told.
func (v *FriendVerifyModel) Renew(a Ask, theirs *UserConfModel) (tell bool) {
	if !v.Request.Renew() {
		return false
	}
	v.say(a, theirs)
	return true
}

func openKey(a, b uint64) *string {
	low, high := order(a, b)
	key := strconv.FormatUint(low, 10) + ":" + strconv.FormatUint(high, 10)
	return &key
}

// Requests returns a page of the requests user sent or received, newest
// first, and how many there are. flag is send, rev or empty for both; a nil
// status is every one but deleted.
func (q Friends) Requests(ctx context.Context, user uint64, flag string, status *int32, page, limit int32) ([]*FriendVerifyModel, int64, error) {
	if status != nil && (*status < RequestPending || *status > RequestDeleted) {
		return nil, 0, errs.BadArgument("status")
	}
	if user > maxID {
		return nil, 0, errs.NotFound
	}
	is, want := "<>", RequestDeleted
	if status != nil {
		is, want = "=", *status
	}
	find := q.DB.WithContext(ctx).Model(&FriendVerifyModel{})
	switch flag {
	case "send":
		find = find.Where("send_user_id = ? AND send_status "+is+" ?", user, want)
	case "rev":
		find = find.Where("rev_user_id = ? AND rev_status "+is+" ?", user, want)
	case "":
		find = find.Where("(send_user_id = ? AND send_status "+is+" ?) OR (rev_user_id = ? AND rev_status "+is+" ?)", user, want, user, want)
	default:
		return nil, 0, errs.BadArgument("flag")
	}
	var count int64
	if err := find.Session(&gorm.Session{}).Count(&count).Error; err != nil {
		return nil, 0, fmt.Errorf("requests of %d: %w", user, err)
	}
	offset, size := model.Page(page, limit)
	var list []*FriendVerifyModel
	if err := find.Session(&gorm.Session{}).Order("id DESC").Offset(offset).Limit(size).Find(&list).Error; err != nil {
		return nil, 0, fmt.Errorf("requests of %d: %w", user, err)
	}
	return list, count, nil
}

// Pending returns how many requests wait for user.
func (q Friends) Pending(ctx context.Context, user uint64) (int64, error) {
	var n int64
	err := q.DB.WithContext(ctx).Model(&FriendVerifyModel{}).Where("rev_user_id = ? AND rev_status = ?", user, RequestPending).Count(&n).Error
	if err != nil {
		return 0, fmt.Errorf("requests for %d: %w", user, err)
	}
	return n, nil
}
