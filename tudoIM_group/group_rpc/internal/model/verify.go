package model

import (
	"fmt"

	"tudoIM/common/model"
)

// Types of requests.
const (
	// RequestJoin asks to come in, or says that somebody came.
	RequestJoin int32 = 1
	// RequestLeave says that somebody left: nobody has to decide it.
	RequestLeave int32 = 2
)

// GroupVerifyModel is a request to join a group, or the record of one who came
// or left without one.
type GroupVerifyModel struct {
	model.Base
	GroupID uint64
	UserID  uint64
	// InviterID is the member who proposed the user; 0 if nobody did.
	InviterID uint64
	Type      int32
	// The other side are those who lead the group. Its OpenKey names the user and
	// the group, so nobody has two requests that wait.
	model.Request
	AdditionalMessages string
	// Question is the group's at the time, with the user's answers.
	Question model.Question `gorm:"embedded"`
	Source   string
	// HandlerID is who decided, or put the user out.
	HandlerID uint64
}

// openKey is unique among the requests that wait.
func openKey(group, user uint64) *string {
	key := fmt.Sprint(group, ":", user)
	return &key
}

// Flag is "send" or "rev", as user sees the request.
func (v *GroupVerifyModel) Flag(user uint64) string {
	if user == v.UserID {
		return "send"
	}
	return "rev"
}

// Status is the request's state as user sees it.
func (v *GroupVerifyModel) Status(user uint64) int32 {
	if user == v.UserID {
		return v.SendStatus
	}
	return v.RevStatus
}

// Shown is the question as user may see it: answers are for those who decide.
func (v *GroupVerifyModel) Shown(user uint64) model.Question {
	if user == v.UserID {
		return v.Question.Answered(model.Question{})
	}
	return v.Question
}
