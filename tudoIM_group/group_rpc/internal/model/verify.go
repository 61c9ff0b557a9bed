package model

import "tudoIM/common/model"

// GroupVerifyModel is a request to join or to leave a group.
type GroupVerifyModel struct {
	model.Base
	GroupID uint64
	UserID  uint64
	// InviterID is the member who proposed the user; 0 if nobody did.
	InviterID uint64
	// Type is 1 to join, 2 to leave.
	Type int32
	// OpenKey is unique among requests that wait, so a user has one of a type
	// in a group; a handled one has none.
	OpenKey *string
	// SendStatus and RevStatus are what the user and the group's admins see: 0
	// pending, 1 accepted, 2 refused, 3 ignored, 4 deleted.
	SendStatus         int32
	RevStatus          int32
	AdditionalMessages string
	// Question is the group's at the time, with the user's answers.
	Question Question `gorm:"embedded"`
	Source   string
	// HandlerID is who decided, HandledAt when, in Unix milliseconds.
	HandlerID uint64
	HandledAt int64
}
